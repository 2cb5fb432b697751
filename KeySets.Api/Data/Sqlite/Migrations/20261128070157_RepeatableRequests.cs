using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace KeySets.Api.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class RepeatableRequests : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "RepeatableRequests",
                columns: table => new
                {
                    KeySetId = table.Column<string>(type: "TEXT", nullable: false),
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Answer = table.Column<byte[]>(type: "BLOB", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RepeatableRequests", x => new { x.KeySetId, x.Id });
                });

            migrationBuilder.CreateIndex(
                name: "IX_RepeatableRequests_At",
                table: "RepeatableRequests",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_RepeatableRequests_Id",
                table: "RepeatableRequests",
                column: "Id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "RepeatableRequests");
        }
    }
}
