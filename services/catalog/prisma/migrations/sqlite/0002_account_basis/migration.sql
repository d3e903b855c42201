-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_ConnectionSnapshot" (
    "tenant" TEXT NOT NULL,
    "integration" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "connection" TEXT NOT NULL,
    "snapshot" TEXT NOT NULL,
    "basis" TEXT NOT NULL DEFAULT '',
    "updatedAt" BIGINT NOT NULL,

    PRIMARY KEY ("tenant", "integration", "owner", "subject", "connection")
);
INSERT INTO "new_ConnectionSnapshot" ("connection", "integration", "owner", "snapshot", "subject", "tenant", "updatedAt") SELECT "connection", "integration", "owner", "snapshot", "subject", "tenant", "updatedAt" FROM "ConnectionSnapshot";
DROP TABLE "ConnectionSnapshot";
ALTER TABLE "new_ConnectionSnapshot" RENAME TO "ConnectionSnapshot";
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
