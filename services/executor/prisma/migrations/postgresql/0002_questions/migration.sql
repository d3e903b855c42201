-- AlterTable
ALTER TABLE "Run" ADD COLUMN     "asking" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "Interaction" ADD COLUMN     "request" TEXT;
