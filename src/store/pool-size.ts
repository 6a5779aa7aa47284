/** What a process does; decides how many connections it needs at once. */
export type PoolRole = "all" | "web" | "worker";

/**
 * Connections at most, by role: PostgreSQL's default of 100 carries 3 web and 4 worker processes with room for
 * migrations, backups and people. web: one commit of the inbox at a time, its lookups, pages. worker: a transaction for
 * each of the jobs that run at once. The queue's own connections (BullMQ on PostgreSQL) come on top.
 */
const SIZES: Readonly<Record<PoolRole, number>> = { all: 20, web: 8, worker: 14 };

/** The size of the pool for a process of that role. */
export function poolSizeFor(role: PoolRole): number {
  return SIZES[role];
}
