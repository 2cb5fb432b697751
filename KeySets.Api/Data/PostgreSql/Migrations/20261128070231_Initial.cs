using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace KeySets.Api.Data.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(CaseFunctions.Create);

            migrationBuilder.CreateTable(
                name: "KeyRing",
                columns: table => new
                {
                    Name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Xml = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_KeyRing", x => x.Name);
                });

            migrationBuilder.CreateTable(
                name: "KeySets",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Revision = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_KeySets", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "RepeatableRequests",
                columns: table => new
                {
                    KeySetId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Answer = table.Column<byte[]>(type: "bytea", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RepeatableRequests", x => new { x.KeySetId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "Writes",
                columns: table => new
                {
                    KeySetId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    IsCommitted = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Writes", x => new { x.KeySetId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "Keys",
                columns: table => new
                {
                    KeySetId = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    Ordinal = table.Column<int>(type: "integer", nullable: false),
                    X5c = table.Column<string[]>(type: "text[]", nullable: false, collation: "C"),
                    X5t = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Kty = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Use = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Exp = table.Column<long>(type: "bigint", nullable: true),
                    Nbf = table.Column<long>(type: "bigint", nullable: true),
                    Kid = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    E = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    N = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    Status = table.Column<int>(type: "integer", nullable: false),
                    SealedMembers = table.Column<byte[]>(type: "bytea", nullable: true)
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

            migrationBuilder.CreateIndex(
                name: "IX_Keys_Kid_KeySetId",
                table: "Keys",
                columns: new[] { "Kid", "KeySetId" });

            migrationBuilder.CreateIndex(
                name: "IX_RepeatableRequests_At",
                table: "RepeatableRequests",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_RepeatableRequests_Id",
                table: "RepeatableRequests",
                column: "Id");

            migrationBuilder.CreateIndex(
                name: "IX_Writes_At",
                table: "Writes",
                column: "At");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "KeyRing");

            migrationBuilder.DropTable(
                name: "Keys");

            migrationBuilder.DropTable(
                name: "RepeatableRequests");

            migrationBuilder.DropTable(
                name: "Writes");

            migrationBuilder.DropTable(
                name: "KeySets");

            migrationBuilder.Sql(CaseFunctions.Drop);
        }
    }
}
