import { cut } from "../../text/cut.js";
import type { Clock } from "../../domain.js";
import type { GitHubClient } from "../../github/client.js";
import { outcomeOf } from "../../health/attempt.js";
import { type LostDelivery, missingGuids } from "../../store/drift/ledger.js";
import type { Sql } from "../../store/store.js";
import { type Attempt, listAttempts } from "./list-attempts.js";

export interface FoundLost {
  /** Attempts in GitHub's list. */
  readonly listed: number;
  /** Oldest first. */
  readonly lost: readonly LostDelivery[];
  /** The times of the newest and the oldest listed attempt; null: none is listed. */
  readonly newest: Date | null;
  readonly oldest: Date | null;
}

/**
 * Compares GitHub's list of deliveries since then with the stored ones. Matched by GUID, because a redelivery has a new
 * id. Attempts that may still be answered are left out.
 */
export async function findLost(
  options: {
    readonly app: Pick<GitHubClient, "pages">;
    readonly sql: Sql;
    readonly clock: Clock;
    readonly signal?: AbortSignal;
    /** Called after each page with the number of listed attempts. */
    readonly onListed?: (listed: number) => void;
  },
  since: Date,
): Promise<FoundLost> {
  const lost = new Map<string, LostDelivery>();
  let listed = 0;
  let newest: Date | null = null;
  let oldest: Date | null = null;
  for await (const page of listAttempts(options.app, since, options.signal)) {
    listed += page.length;
    options.onListed?.(listed);
    newest ??= page[0]?.delivered_at ?? null;
    oldest = page.at(-1)?.delivered_at ?? oldest;
    const now = options.clock.now();
    const judged = page.filter((attempt) => outcome(attempt, now) !== "open");
    const missing = await missingGuids(options.sql, [...new Set(judged.map(({ guid }) => guid))]);
    for (const attempt of judged) if (missing.has(attempt.guid)) add(lost, attempt, now);
  }
  return { listed, newest, oldest, lost: [...lost.values()].sort((a, b) => a.lostAt.getTime() - b.lostAt.getTime()) };
}

/** Attempts are listed newest first: the first one of a delivery is the latest, each further one is older. */
function add(lost: Map<string, LostDelivery>, attempt: Attempt, now: Date): void {
  const later = lost.get(attempt.guid);
  lost.set(attempt.guid, {
    guid: attempt.guid,
    attemptId: later?.attemptId ?? BigInt(attempt.id),
    event: attempt.event,
    action: attempt.action,
    installationId: attempt.installation_id === null ? null : BigInt(attempt.installation_id),
    repositoryId: attempt.repository_id === null ? null : BigInt(attempt.repository_id),
    cause:
      outcome(attempt, now) === "accepted" || later?.cause === "acknowledged-then-lost"
        ? "acknowledged-then-lost"
        : "not-delivered",
    statusCode: later?.statusCode ?? attempt.status_code,
    detail: later?.detail ?? cut(attempt.status, 200),
    lostAt: attempt.delivered_at,
  });
}

function outcome({ delivered_at: deliveredAt, status_code: statusCode }: Attempt, now: Date) {
  return outcomeOf({ deliveredAt, statusCode }, now);
}
