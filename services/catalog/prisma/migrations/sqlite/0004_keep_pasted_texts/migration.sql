-- AlterTable
ALTER TABLE "Integration" ADD COLUMN "pastedText" TEXT;

-- CreateTable
CREATE TABLE "PastedText" (
    "tenant" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "piece" INTEGER NOT NULL,
    "bytes" BLOB NOT NULL,

    PRIMARY KEY ("tenant", "hash", "piece")
);
