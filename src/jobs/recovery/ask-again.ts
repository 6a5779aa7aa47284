import type { Clock } from "../../domain.js";
import { kindOf, messageOf } from "../../errors.js";
import type { GitHubClient } from "../../github/client.js";
import { redact } from "../../log.js";
import { type Askable, countAsk, refuseAsk, returnAsk } from "../../store/drift/ledger.js";
import type { Sql } from "../../store/store.js";
import type { RecoveryRules } from "./rules.js";

/** Resolves after the given milliseconds; rejects when the signal is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<unknown>;

export interface Asking {
  readonly app: Pick<GitHubClient, "rest">;
  readonly sql: Sql;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly rules: Pick<RecoveryRules, "spacingMs" | "atOnce">;
  readonly signal: AbortSignal;
  /** Called after each answer with the number of answered requests. */
  readonly onAnswered?: (answered: number) => void;
}

export interface Asked {
  readonly asked: number;
  /** GitHub refuses to redeliver these. */
  readonly refused: number;
  /** Why some were not requested; the next recovery continues. */
  readonly stopped: string | null;
}

/** This many consecutive failures are GitHub's problem, not the deliveries'. */
const FAILURES_IN_A_ROW = 5;

/**
 * Requests redeliveries, evenly spaced, a few at once. If GitHub limits or does not respond, the rest is left to the
 * next recovery.
 * @throws AuthenticationError when GitHub refuses the App.
 */
export async function askAgain(asking: Asking, lost: readonly Askable[]): Promise<Asked> {
  const { rules, signal } = asking;
  const answers = { asked: 0, refused: 0 };
  const running = new Set<Promise<void>>();
  let failures = 0;
  let stopped: string | null = null;
  let thrown: { readonly error: unknown } | null = null;

  let answered = 0;
  const take = (answer: Answer): void => {
    answered += 1;
    asking.onAnswered?.(answered);
    if (answer.kind === "asked" || answer.kind === "refused") {
      answers[answer.kind] += 1;
      failures = 0;
      return;
    }
    failures += 1;
    if (answer.kind === "limited" || failures >= FAILURES_IN_A_ROW) stopped = answer.why;
  };
  for (const one of lost) {
    if (running.size > 0) await asking.sleep(rules.spacingMs, signal);
    while (running.size >= rules.atOnce) await Promise.race(running);
    signal.throwIfAborted();
    if (stopped !== null || thrown !== null) break;
    const run = askOne(asking, one)
      .then(take, (error: unknown) => {
        thrown ??= { error };
      })
      .finally(() => running.delete(run));
    running.add(run);
  }
  await Promise.all(running);
  rethrow(thrown);
  return { ...answers, stopped };
}

type Answer =
  | { readonly kind: "asked" }
  | { readonly kind: "refused" }
  | { readonly kind: "limited"; readonly why: string }
  | { readonly kind: "failed"; readonly why: string };

async function askOne({ app, sql, clock }: Asking, one: Askable): Promise<Answer> {
  await countAsk(sql, one, clock.now());
  try {
    await app.rest("POST /app/hook/deliveries/{delivery_id}/attempts", { delivery_id: String(one.attempt_id) });
    return { kind: "asked" };
  } catch (error) {
    const why = redact(messageOf(error));
    switch (kindOf(error)) {
      case "gone":
      case "invalid":
        await refuseAsk(sql, one.guid, `GitHub will not repeat it: ${why}`);
        return { kind: "refused" };
      case "rate-limit":
        await returnAsk(sql, one.guid);
        return { kind: "limited", why };
      case "network":
        // The request may have reached GitHub, so the try counts.
        return { kind: "failed", why };
      case "authentication":
      case "forbidden":
      case "unknown":
        throw error;
    }
  }
}

function rethrow(thrown: { readonly error: unknown } | null): void {
  if (thrown) throw thrown.error;
}
