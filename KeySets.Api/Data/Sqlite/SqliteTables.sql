-- The tables of a new database, as the migrations make them. SqlitePreparationTests compares both, and says what differs.

CREATE TABLE "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);

CREATE TABLE "KeySets" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_KeySets" PRIMARY KEY,
    "Revision" TEXT NOT NULL,
    "ReadableRevision" AS (CASE WHEN "Revision" GLOB '[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F]-[0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F]' THEN "Revision" ELSE '00000000-0000-0000-0000-000000000000' END)
);

CREATE TABLE "Keys" (
    "KeySetId" TEXT NOT NULL,
    "Ordinal" INTEGER NOT NULL,
    "X5c" TEXT NOT NULL,
    "X5t" TEXT NULL,
    "Kty" TEXT NULL,
    "Use" TEXT NULL,
    "Exp" INTEGER NULL,
    "Nbf" INTEGER NULL,
    "Kid" TEXT NOT NULL,
    "E" TEXT NULL,
    "N" TEXT NULL,
    "SealedMembers" BLOB NULL,
    "Status" INTEGER NOT NULL DEFAULT 0,
    "ReadableStatus" AS (CASE WHEN "Status" = 0 THEN 0 ELSE 1 END),
    "ReadableX5c" AS (CASE WHEN "X5c" = '[]' THEN "X5c"
        WHEN typeof("X5c") = 'text' AND json_valid("X5c") AND "X5c" GLOB '[[]"*"]'
        AND instr(replace(substr("X5c", 3, length("X5c") - 4), '","', ''), '"') = 0
        THEN "X5c" ELSE '[]' END),
    CONSTRAINT "PK_Keys" PRIMARY KEY ("KeySetId", "Ordinal"),
    CONSTRAINT "FK_Keys_KeySets_KeySetId" FOREIGN KEY ("KeySetId") REFERENCES "KeySets" ("Id") ON DELETE CASCADE
);

CREATE UNIQUE INDEX "IX_Keys_KeySetId_Kid" ON "Keys" ("KeySetId", "Kid");

CREATE INDEX "IX_Keys_Kid_KeySetId" ON "Keys" ("Kid", "KeySetId");

CREATE TABLE "RepeatableRequests" (
    "KeySetId" TEXT NOT NULL,
    "Id" TEXT NOT NULL,
    "Answer" BLOB NOT NULL,
    "At" INTEGER NOT NULL,
    CONSTRAINT "PK_RepeatableRequests" PRIMARY KEY ("KeySetId", "Id")
);

CREATE INDEX "IX_RepeatableRequests_At" ON "RepeatableRequests" ("At");

CREATE INDEX "IX_RepeatableRequests_Id" ON "RepeatableRequests" ("Id");

CREATE TABLE "AuditEvents" (
    "KeySetId" TEXT NOT NULL,
    "Sequence" INTEGER NOT NULL,
    "At" INTEGER NOT NULL,
    "Operation" TEXT NOT NULL,
    "Kids" TEXT NOT NULL,
    "Result" TEXT NOT NULL,
    "Subject" TEXT NULL,
    "Application" TEXT NULL,
    "Issuer" TEXT NULL,
    "Request" TEXT NOT NULL,
    "RequestId" TEXT NOT NULL,
    "Revision" TEXT NULL,
    "PreviousHash" TEXT NULL,
    "Hash" TEXT NOT NULL,
    CONSTRAINT "PK_AuditEvents" PRIMARY KEY ("KeySetId", "Sequence")
);

CREATE INDEX "IX_AuditEvents_At" ON "AuditEvents" ("At");

CREATE TABLE "AuditTrimmedChains" (
    "KeySetId" TEXT NOT NULL CONSTRAINT "PK_AuditTrimmedChains" PRIMARY KEY,
    "Sequence" INTEGER NOT NULL,
    "Hash" TEXT NOT NULL
);

CREATE TABLE "AuditCheckpoints" (
    "Number" INTEGER NOT NULL CONSTRAINT "PK_AuditCheckpoints" PRIMARY KEY,
    "Until" INTEGER NOT NULL,
    "Heads" BLOB NOT NULL,
    "PreviousHash" TEXT NULL,
    "Hash" TEXT NOT NULL,
    "Seal" BLOB NOT NULL,
    "IsTrimmed" INTEGER NOT NULL
);

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") VALUES
    ('20261123080022_Initial', '10.0.15'),
    ('20261125103251_KeyStatus', '10.0.15'),
    ('20261127220036_ReadableColumns', '10.0.15'),
    ('20261128000721_KidIndex', '10.0.15'),
    ('20261128070157_RepeatableRequests', '10.0.15'),
    ('20261128124036_Audit', '10.0.15');
