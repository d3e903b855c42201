-- AlterTable
ALTER TABLE "Interaction" ADD COLUMN "request" TEXT;

-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_Run" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "tenant" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "principal" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "address" TEXT,
    "arguments" TEXT,
    "code" TEXT,
    "options" TEXT NOT NULL,
    "readOnly" BOOLEAN NOT NULL DEFAULT false,
    "decision" TEXT NOT NULL DEFAULT '',
    "result" TEXT,
    "isError" BOOLEAN NOT NULL DEFAULT false,
    "stepCount" INTEGER NOT NULL DEFAULT 0,
    "traceId" TEXT,
    "createdAt" BIGINT NOT NULL,
    "startedAt" BIGINT,
    "settledAt" BIGINT,
    "activeMs" INTEGER NOT NULL DEFAULT 0,
    "holder" TEXT,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "cancelledAt" BIGINT,
    "clock" BIGINT,
    "wakeAt" BIGINT,
    "asking" BOOLEAN NOT NULL DEFAULT false
);
INSERT INTO "new_Run" ("activeMs", "address", "arguments", "attempt", "cancelledAt", "clock", "code", "createdAt", "decision", "holder", "id", "isError", "kind", "options", "principal", "readOnly", "result", "settledAt", "startedAt", "status", "stepCount", "subject", "tenant", "title", "traceId", "via", "wakeAt") SELECT "activeMs", "address", "arguments", "attempt", "cancelledAt", "clock", "code", "createdAt", "decision", "holder", "id", "isError", "kind", "options", "principal", "readOnly", "result", "settledAt", "startedAt", "status", "stepCount", "subject", "tenant", "title", "traceId", "via", "wakeAt" FROM "Run";
DROP TABLE "Run";
ALTER TABLE "new_Run" RENAME TO "Run";
CREATE INDEX "Run_tenant_createdAt_idx" ON "Run"("tenant", "createdAt");
CREATE INDEX "Run_tenant_status_idx" ON "Run"("tenant", "status");
CREATE INDEX "Run_status_holder_idx" ON "Run"("status", "holder");
PRAGMA foreign_keys=ON;
PRAGMA defer_foreign_keys=OFF;
