-- Autovacuum need not follow what is only inserted: a delivery's row is updated when it is processed and a body is deleted
-- by retention, and either calls for it. Behind the inserts of a burst it writes each of their pages once more, in full.
ALTER TABLE "deliveries" SET (autovacuum_vacuum_insert_threshold = -1);
ALTER TABLE "delivery_bodies" SET (autovacuum_vacuum_insert_threshold = -1);

-- Bodies are read by their key alone, for which no statistics are needed. Those of deliveries change little as the table grows.
ALTER TABLE "delivery_bodies" SET (autovacuum_analyze_threshold = 2147483647);
ALTER TABLE "deliveries" SET (autovacuum_analyze_scale_factor = 1);
