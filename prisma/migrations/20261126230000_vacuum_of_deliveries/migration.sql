-- Autovacuum need not follow each burst of what is only inserted: a delivery's row is updated when it is processed and a
-- body is deleted by retention, and either calls for it. With data checksums (the default of PostgreSQL 18) it would write
-- each page of the burst once more, in full, beside the next one. After ten million it comes in any case.
ALTER TABLE "deliveries"
    SET (autovacuum_vacuum_insert_threshold = 10000000, autovacuum_vacuum_insert_scale_factor = 0);
ALTER TABLE "delivery_bodies"
    SET (autovacuum_vacuum_insert_threshold = 10000000, autovacuum_vacuum_insert_scale_factor = 0);

-- Bodies are looked up by their unique key alone, for which no statistics are needed. Those of deliveries change little as
-- the table grows.
ALTER TABLE "delivery_bodies" SET (autovacuum_analyze_threshold = 2147483647);
ALTER TABLE "deliveries" SET (autovacuum_analyze_scale_factor = 1);
