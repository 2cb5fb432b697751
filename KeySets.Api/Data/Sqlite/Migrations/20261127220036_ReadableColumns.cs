using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace KeySets.Api.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class ReadableColumns : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "ReadableStatus",
                table: "Keys",
                type: "INTEGER",
                nullable: false,
                computedColumnSql: "CASE WHEN \"Status\" = 0 THEN 0 ELSE 1 END");

            migrationBuilder.AddColumn<string>(
                name: "ReadableX5c",
                table: "Keys",
                type: "TEXT",
                nullable: false,
                computedColumnSql: "CASE WHEN \"X5c\" = '[]' THEN \"X5c\"\n    WHEN typeof(\"X5c\") = 'text' AND json_valid(\"X5c\") AND \"X5c\" GLOB '[[]\"*\"]'\n    AND instr(replace(substr(\"X5c\", 3, length(\"X5c\") - 4), '\",\"', ''), '\"') = 0\n    THEN \"X5c\" ELSE '[]' END");

            migrationBuilder.AddColumn<Guid>(
                name: "ReadableRevision",
                table: "KeySets",
                type: "TEXT",
                nullable: false,
                computedColumnSql: "CASE WHEN \"Revision\" GLOB '[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]' THEN \"Revision\" ELSE '00000000-0000-0000-0000-000000000000' END");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "ReadableStatus",
                table: "Keys");

            migrationBuilder.DropColumn(
                name: "ReadableX5c",
                table: "Keys");

            migrationBuilder.DropColumn(
                name: "ReadableRevision",
                table: "KeySets");
        }
    }
}
