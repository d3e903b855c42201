-- AlterTable
ALTER TABLE "Connection" ADD COLUMN "consent" TEXT;
ALTER TABLE "Connection" ADD COLUMN "missingScopes" TEXT;
ALTER TABLE "Connection" ADD COLUMN "oauthResource" TEXT;
ALTER TABLE "Connection" ADD COLUMN "refreshClaim" TEXT;
ALTER TABLE "Connection" ADD COLUMN "refreshClaimEnds" BIGINT;

-- CreateTable
CREATE TABLE "OauthClient" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "tenant" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "grant" TEXT NOT NULL,
    "clientId" TEXT NOT NULL,
    "secretProvider" TEXT,
    "secretItemId" TEXT,
    "authMethod" TEXT NOT NULL,
    "authorizationUrl" TEXT NOT NULL,
    "tokenUrl" TEXT NOT NULL,
    "revocationUrl" TEXT,
    "issuer" TEXT,
    "resource" TEXT,
    "redirectUri" TEXT,
    "originKind" TEXT NOT NULL,
    "originIntegration" TEXT,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL
);

-- CreateTable
CREATE TABLE "OauthSession" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "tenant" TEXT NOT NULL,
    "stateHash" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "startedBy" TEXT NOT NULL,
    "integration" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "template" TEXT NOT NULL,
    "identityLabel" TEXT,
    "description" TEXT,
    "clientId" TEXT NOT NULL,
    "redirectUri" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "verifierItemId" TEXT NOT NULL,
    "scope" TEXT,
    "resource" TEXT,
    "server" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "failureReason" TEXT,
    "failureMessage" TEXT,
    "expiresAt" BIGINT NOT NULL,
    "createdAt" BIGINT NOT NULL
);

-- CreateIndex
CREATE UNIQUE INDEX "OauthClient_tenant_owner_subject_slug_key" ON "OauthClient"("tenant", "owner", "subject", "slug");

-- CreateIndex
CREATE UNIQUE INDEX "OauthSession_stateHash_key" ON "OauthSession"("stateHash");

-- CreateIndex
CREATE INDEX "OauthSession_expiresAt_idx" ON "OauthSession"("expiresAt");
