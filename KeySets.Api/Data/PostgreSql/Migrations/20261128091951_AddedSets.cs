using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace KeySets.Api.Data.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class AddedSets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string[]>(
                name: "Added",
                table: "Writes",
                type: "text[]",
                nullable: false,
                defaultValueSql: "'{}'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Added",
                table: "Writes");
        }
    }
}
