-- Who holds a delivery that is being processed: the token of one claim. Only its holder may renew, release or end it.
ALTER TABLE "deliveries" ADD COLUMN "locked_by" TEXT;
