-- CreateTable
CREATE TABLE "Connection" (
    "id" TEXT NOT NULL,
    "tenant" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "integration" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "itemIds" TEXT NOT NULL,
    "linked" BOOLEAN NOT NULL,
    "identityLabel" TEXT,
    "description" TEXT,
    "expiresAt" BIGINT,
    "oauthClient" TEXT,
    "oauthClientOwner" TEXT,
    "oauthScope" TEXT,
    "refreshItemId" TEXT,
    "oauthTokenUrl" TEXT,
    "lastHealth" TEXT,
    "revision" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,

    CONSTRAINT "Connection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Secret" (
    "tenant" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "keyId" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,

    CONSTRAINT "Secret_pkey" PRIMARY KEY ("tenant","owner","subject","id")
);

-- CreateIndex
CREATE INDEX "Connection_tenant_integration_idx" ON "Connection"("tenant", "integration");

-- CreateIndex
CREATE UNIQUE INDEX "Connection_tenant_owner_subject_integration_name_key" ON "Connection"("tenant", "owner", "subject", "integration", "name");

-- CreateIndex
CREATE INDEX "Secret_keyId_idx" ON "Secret"("keyId");
