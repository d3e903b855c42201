-- CreateTable
CREATE TABLE "Part" (
    "runId" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "text" TEXT NOT NULL,

    PRIMARY KEY ("runId", "value", "position")
);
