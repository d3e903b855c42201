-- AlterTable
ALTER TABLE "ConnectionSnapshot" ADD COLUMN     "basis" TEXT NOT NULL DEFAULT '';
