-- CreateTable
CREATE TABLE "Integration" (
    "tenant" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "config" TEXT NOT NULL,
    "authMethods" TEXT NOT NULL,
    "snapshot" TEXT NOT NULL,
    "toolCount" INTEGER NOT NULL,
    "displayUrl" TEXT,
    "canRefresh" BOOLEAN NOT NULL,
    "healthCheck" TEXT,
    "revision" TEXT NOT NULL,
    "createdAt" BIGINT NOT NULL,
    "updatedAt" BIGINT NOT NULL,

    CONSTRAINT "Integration_pkey" PRIMARY KEY ("tenant","slug")
);

-- CreateTable
CREATE TABLE "Snapshot" (
    "tenant" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "toolCount" INTEGER NOT NULL,
    "index" BYTEA NOT NULL,
    "createdAt" BIGINT NOT NULL,

    CONSTRAINT "Snapshot_pkey" PRIMARY KEY ("tenant","hash")
);

-- CreateTable
CREATE TABLE "Operation" (
    "tenant" TEXT NOT NULL,
    "snapshot" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "listing" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "refs" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "Operation_pkey" PRIMARY KEY ("tenant","snapshot","name")
);

-- CreateTable
CREATE TABLE "Definition" (
    "tenant" TEXT NOT NULL,
    "snapshot" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "json" TEXT NOT NULL,
    "refs" TEXT NOT NULL,

    CONSTRAINT "Definition_pkey" PRIMARY KEY ("tenant","snapshot","name")
);

-- CreateTable
CREATE TABLE "ConnectionSnapshot" (
    "tenant" TEXT NOT NULL,
    "integration" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "connection" TEXT NOT NULL,
    "snapshot" TEXT NOT NULL,
    "updatedAt" BIGINT NOT NULL,

    CONSTRAINT "ConnectionSnapshot_pkey" PRIMARY KEY ("tenant","integration","owner","subject","connection")
);

-- CreateIndex
CREATE INDEX "Integration_tenant_snapshot_idx" ON "Integration"("tenant", "snapshot");
