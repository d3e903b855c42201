-- CreateTable
CREATE TABLE "Part" (
    "runId" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "text" TEXT NOT NULL,

    CONSTRAINT "Part_pkey" PRIMARY KEY ("runId","value","position")
);
