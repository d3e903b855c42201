-- DropIndex
DROP INDEX "Run_tenant_status_idx";

-- DropIndex
DROP INDEX "Run_status_holder_idx";

-- CreateIndex
CREATE INDEX "Run_tenant_status_createdAt_idx" ON "Run"("tenant", "status", "createdAt");

-- CreateIndex
CREATE INDEX "Run_settledAt_idx" ON "Run"("settledAt");

-- CreateIndex
CREATE INDEX "Interaction_status_expiresAt_idx" ON "Interaction"("status", "expiresAt");
