-- DropIndex
DROP INDEX "Run_tenant_status_idx";

-- DropIndex
DROP INDEX "Run_status_holder_idx";

-- DropIndex
DROP INDEX "Interaction_runId_idx";

-- AlterTable
ALTER TABLE "Run" ADD COLUMN "naps" INTEGER;

-- AlterTable
ALTER TABLE "Grant" ADD COLUMN "roles" TEXT;

-- CreateIndex
CREATE INDEX "Run_tenant_subject_createdAt_idx" ON "Run"("tenant", "subject", "createdAt");

-- CreateIndex
CREATE INDEX "Run_tenant_status_createdAt_idx" ON "Run"("tenant", "status", "createdAt");

-- CreateIndex
CREATE INDEX "Run_settledAt_idx" ON "Run"("settledAt");

-- CreateIndex
CREATE INDEX "Interaction_runId_status_idx" ON "Interaction"("runId", "status");

-- CreateIndex
CREATE INDEX "Interaction_tenant_createdAt_idx" ON "Interaction"("tenant", "createdAt");

-- CreateIndex
CREATE INDEX "Interaction_status_expiresAt_idx" ON "Interaction"("status", "expiresAt");
