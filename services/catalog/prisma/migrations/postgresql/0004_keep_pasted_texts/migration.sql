-- AlterTable
ALTER TABLE "Integration" ADD COLUMN     "pastedText" TEXT;

-- CreateTable
CREATE TABLE "PastedText" (
    "tenant" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "piece" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "PastedText_pkey" PRIMARY KEY ("tenant","hash","piece")
);
