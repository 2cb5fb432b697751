using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace KeySets.Api.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "KeySets",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    Revision = table.Column<Guid>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_KeySets", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Keys",
                columns: table => new
                {
                    KeySetId = table.Column<string>(type: "TEXT", nullable: false),
                    Ordinal = table.Column<int>(type: "INTEGER", nullable: false),
                    X5c = table.Column<string>(type: "TEXT", nullable: false),
                    X5t = table.Column<string>(type: "TEXT", nullable: true),
                    Kty = table.Column<string>(type: "TEXT", nullable: true),
                    Use = table.Column<string>(type: "TEXT", nullable: true),
                    Exp = table.Column<long>(type: "INTEGER", nullable: true),
                    Nbf = table.Column<long>(type: "INTEGER", nullable: true),
                    Kid = table.Column<string>(type: "TEXT", nullable: false),
                    E = table.Column<string>(type: "TEXT", nullable: true),
                    N = table.Column<string>(type: "TEXT", nullable: true),
                    SealedMembers = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Keys", x => new { x.KeySetId, x.Ordinal });
                    table.ForeignKey(
                        name: "FK_Keys_KeySets_KeySetId",
                        column: x => x.KeySetId,
                        principalTable: "KeySets",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Keys_KeySetId_Kid",
                table: "Keys",
                columns: new[] { "KeySetId", "Kid" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Keys");

            migrationBuilder.DropTable(
                name: "KeySets");
        }
    }
}
