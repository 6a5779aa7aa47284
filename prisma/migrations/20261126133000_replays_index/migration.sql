-- Deliveries whose payload may repeat have no key: each took a place in the index of keys for nothing.
DROP INDEX "deliveries_dedupe_key_key";
CREATE UNIQUE INDEX "deliveries_dedupe_key" ON "deliveries"("dedupe_key") WHERE "dedupe_key" IS NOT NULL;
