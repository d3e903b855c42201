-- CreateTable
CREATE TABLE "Rule" (
    "tenant" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "pattern" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "position" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,

    PRIMARY KEY ("tenant", "id")
);

-- CreateTable
CREATE TABLE "RuleVersion" (
    "tenant" TEXT NOT NULL PRIMARY KEY,
    "version" BIGINT NOT NULL
);

-- CreateIndex
CREATE INDEX "Rule_tenant_owner_subject_idx" ON "Rule"("tenant", "owner", "subject");
