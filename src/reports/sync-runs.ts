import type { Scope } from "../store/scope.js";
import type { Sql } from "../store/store.js";
import { latestRuns } from "../store/sync/runs.js";
import { reportOf, type SyncReport } from "../sync/report.js";

export interface ListedSync extends SyncReport {
  readonly account: string;
}

/** The newest sync runs of each installation in the scope, the newest first. */
export async function listSyncRuns(
  sql: Sql,
  scope: Scope,
  accounts: ReadonlyMap<bigint, string>,
  now: Date,
  most: number,
): Promise<readonly ListedSync[]> {
  const reports: ListedSync[] = [];
  for (const { id } of scope.installations)
    for (const run of await latestRuns(sql, id, most))
      reports.push({ ...(await reportOf(sql, run, now)), account: accounts.get(id) ?? String(id) });
  return reports.sort((a, b) => Number(BigInt(b.id) - BigInt(a.id))).slice(0, most);
}
