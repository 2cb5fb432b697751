using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace KeySets.Api.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class KidIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_Keys_Kid_KeySetId",
                table: "Keys",
                columns: new[] { "Kid", "KeySetId" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Keys_Kid_KeySetId",
                table: "Keys");
        }
    }
}
