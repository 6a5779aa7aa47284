/** The role of a process, which decides how many connections it needs. */
export type PoolRole = "all" | "web" | "worker";

/**
 * The most connections by role. PostgreSQL's default of 100 is enough for 3 web and 4 worker processes, with room for
 * migrations, backups and people. web: one commit of the inbox at a time, its lookups, pages. worker: a transaction for
 * each running job. The queue's own connections (BullMQ on PostgreSQL) are additional.
 */
const SIZES: Readonly<Record<PoolRole, number>> = { all: 20, web: 8, worker: 14 };

/** The size of the pool for a process of that role. */
export function poolSizeFor(role: PoolRole): number {
  return SIZES[role];
}
