import type { SyncedTenant } from "../../store/sync/repositories.js";
import type { SyncRun } from "../../store/sync/runs.js";
import { DEFAULTS, type SyncOptions } from "./options.js";
import { PageSize } from "./page-size.js";

/** A run that this process is working on. */
export interface ActiveRun {
  readonly options: Required<SyncOptions>;
  readonly id: bigint;
  readonly installationId: bigint;
  readonly lane: string;
  readonly runner: string;
  readonly mode: SyncRun["mode"];
  readonly subject: string | null;
  readonly account: string;
  allows(repository: string): boolean;
  readonly signal: AbortSignal;
  /** The page size of each list. */
  sizeOf(list: string, largest: number): PageSize;
}

export function activate(
  options: SyncOptions,
  run: SyncRun,
  given: { readonly runner: string; readonly tenant: SyncedTenant; readonly signal: AbortSignal },
): ActiveRun {
  const sizes = new Map<string, PageSize>();
  return {
    options: { ...DEFAULTS, ...options },
    id: run.id,
    installationId: run.installation_id,
    lane: laneOf(run),
    mode: run.mode,
    subject: run.subject,
    runner: given.runner,
    signal: given.signal,
    account: given.tenant.account_login,
    allows: (repository) => options.deniedReason(repository, given.tenant) === null,
    sizeOf(list, largest) {
      const size = sizes.get(list) ?? new PageSize(largest);
      sizes.set(list, size);
      return size;
    },
  };
}

/** Concurrent runs do not share cursors. */
function laneOf({ id, mode, subject }: SyncRun): string {
  return subject === null ? mode : `${mode} ${id}`;
}
