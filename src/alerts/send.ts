import { cut } from "../text/cut.js";
import type { Clock } from "../domain.js";
import { kindOf, messageOf, RateLimitError } from "../errors.js";
import { type AlertPolicy, retryAfterMs, dueMessage, type Standing } from "../health/alerts/policy.js";
import { type Log, redact } from "../log.js";
import { claimNotice, noticeFailed, noticeSent, noticesWanted, type NoticeRow } from "../store/alerts/notices.js";
import type { Store } from "../store/store.js";
import type { AlertSink, Notice } from "./sink.js";

export interface SendOptions {
  readonly store: Pick<Store, "sql">;
  readonly sinks: readonly AlertSink[];
  readonly policy: AlertPolicy;
  readonly clock: Clock;
  readonly log: Log;
}

/** The result of a pass. */
export interface Told {
  readonly sent: number;
  readonly failed: number;
}

/** How long a process holds the claim on a message: longer than any sink may take. */
const LEASE_MS = 60_000;

/**
 * Sends each sink its due messages. Safe at any time and in any number of processes, because each message is claimed
 * first. A failed message is stored with the reason and retried, separately for each sink.
 */
export async function sendAlerts(options: SendOptions, signal: AbortSignal): Promise<Told> {
  const told = await Promise.all(options.sinks.map((sink) => sendToSink(options, sink, signal)));
  const total = (of: keyof Told): number => told.reduce((sum, each) => sum + each[of], 0);
  return { sent: total("sent"), failed: total("failed") };
}

async function sendToSink(options: SendOptions, sink: AlertSink, signal: AbortSignal): Promise<Told> {
  const { store, clock, policy } = options;
  const rows = await noticesWanted(store.sql, sink, clock.now(), policy);
  const due = rows.flatMap((row) => {
    const saying = dueMessage(standingOf(row), clock.now(), policy);
    return saying ? [{ row, notice: { alert: row.alert, saying, times: row.times } }] : [];
  });
  let sent = 0;
  for (let start = 0; start < due.length && !signal.aborted; start += sink.most) {
    const message = await claimed(options, sink, due.slice(start, start + sink.most));
    if (message.length === 0) continue;
    // A failing sink is skipped until the next pass.
    if (!(await sendOne(options, sink, message, signal))) return { sent, failed: message.length };
    sent += message.length;
  }
  return { sent, failed: 0 };
}

function standingOf({ alert, said, saidAt, saidSeverity }: NoticeRow): Standing {
  const { openedAt, resolvedAt, lapsed, severity, kind } = alert;
  return { openedAt, resolvedAt, lapsed, severity, said, saidAt, saidSeverity, isNotice: kind === "notice" };
}

interface Due {
  readonly row: NoticeRow;
  readonly notice: Notice;
}

async function claimed({ store, clock }: SendOptions, sink: AlertSink, due: readonly Due[]): Promise<readonly Due[]> {
  const now = clock.now();
  const until = new Date(now.getTime() + LEASE_MS);
  const mine: Due[] = [];
  for (const one of due) if (await claimNotice(store.sql, sink.name, one.row, now, until)) mine.push(one);
  return mine;
}

async function sendOne(
  options: SendOptions,
  sink: AlertSink,
  message: readonly Due[],
  signal: AbortSignal,
): Promise<boolean> {
  const { store, clock, log } = options;
  try {
    await sink.send(
      message.map(({ notice }) => notice),
      signal,
    );
  } catch (error) {
    const text = cut(redact(messageOf(error)), 500);
    const now = clock.now().getTime();
    for (const { row, notice } of message) {
      const wait = error instanceof RateLimitError ? error.resetAt.getTime() : now + retryAfterMs(row.attempts + 1);
      await noticeFailed(store.sql, sink.name, notice.alert.id, { error: text, retryAt: new Date(wait) });
    }
    const about = { sink: sink.name, notices: message.length, kind: kindOf(error), reason: text };
    log.error(about, "alerts could not be sent; will retry");
    return false;
  }
  for (const { notice } of message) await noticeSent(store.sql, sink.name, notice.alert, notice.saying, clock.now());
  return true;
}
