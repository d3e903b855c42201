-- CreateTable
CREATE TABLE "Upkeep" (
    "tenant" TEXT NOT NULL,
    "integration" TEXT NOT NULL,
    "review" TEXT NOT NULL DEFAULT 'none',
    "refreshEveryMs" INTEGER,
    "dueAt" BIGINT,
    "refreshedAt" BIGINT,
    "error" TEXT,
    "failingSince" BIGINT,
    "failures" INTEGER NOT NULL DEFAULT 0,

    PRIMARY KEY ("tenant", "integration")
);

-- CreateTable
CREATE TABLE "Offer" (
    "tenant" TEXT NOT NULL,
    "integration" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "connection" TEXT NOT NULL,
    "snapshot" TEXT NOT NULL,

    PRIMARY KEY ("tenant", "integration", "owner", "subject", "connection")
);

-- CreateTable
CREATE TABLE "HeldOperation" (
    "tenant" TEXT NOT NULL,
    "integration" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "connection" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "change" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "heldAt" BIGINT NOT NULL,
    "decidedAt" BIGINT,
    "decidedBy" TEXT,

    PRIMARY KEY ("tenant", "integration", "owner", "subject", "connection", "name")
);

-- CreateTable
CREATE TABLE "SourceChange" (
    "tenant" TEXT NOT NULL,
    "integration" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "connection" TEXT NOT NULL,
    "at" BIGINT NOT NULL,
    "cause" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "diff" TEXT NOT NULL,
    "held" TEXT NOT NULL,

    PRIMARY KEY ("tenant", "integration", "id")
);

-- CreateIndex
CREATE INDEX "Upkeep_dueAt_idx" ON "Upkeep"("dueAt");

-- CreateIndex
CREATE INDEX "Offer_tenant_snapshot_idx" ON "Offer"("tenant", "snapshot");

-- CreateIndex
CREATE INDEX "HeldOperation_tenant_name_idx" ON "HeldOperation"("tenant", "name");
