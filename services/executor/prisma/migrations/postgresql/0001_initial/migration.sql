-- CreateTable
CREATE TABLE "Run" (
    "id" TEXT NOT NULL,
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

    CONSTRAINT "Run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Step" (
    "runId" TEXT NOT NULL,
    "tenant" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "arguments" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "readOnly" BOOLEAN NOT NULL,
    "decision" TEXT NOT NULL,
    "result" TEXT,
    "ok" BOOLEAN,
    "httpStatus" INTEGER,
    "settleOrder" INTEGER,
    "startedAt" BIGINT NOT NULL,
    "settledAt" BIGINT,

    CONSTRAINT "Step_pkey" PRIMARY KEY ("runId","position")
);

-- CreateTable
CREATE TABLE "Interaction" (
    "id" TEXT NOT NULL,
    "tenant" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "runId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "arguments" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "requestedSchema" TEXT,
    "url" TEXT,
    "status" TEXT NOT NULL,
    "content" TEXT,
    "createdAt" BIGINT NOT NULL,
    "expiresAt" BIGINT,
    "answeredAt" BIGINT,
    "answeredBy" TEXT,
    "answeredRoles" TEXT,
    "answeredVia" TEXT,

    CONSTRAINT "Interaction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Grant" (
    "runId" TEXT NOT NULL,
    "tenant" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "remaining" INTEGER NOT NULL,

    CONSTRAINT "Grant_pkey" PRIMARY KEY ("runId","address")
);

-- CreateTable
CREATE TABLE "Worker" (
    "id" TEXT NOT NULL,
    "heartbeatAt" BIGINT NOT NULL,

    CONSTRAINT "Worker_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Run_tenant_createdAt_idx" ON "Run"("tenant", "createdAt");

-- CreateIndex
CREATE INDEX "Run_tenant_status_idx" ON "Run"("tenant", "status");

-- CreateIndex
CREATE INDEX "Run_status_holder_idx" ON "Run"("status", "holder");

-- CreateIndex
CREATE INDEX "Interaction_runId_idx" ON "Interaction"("runId");

-- CreateIndex
CREATE INDEX "Interaction_tenant_status_createdAt_idx" ON "Interaction"("tenant", "status", "createdAt");
