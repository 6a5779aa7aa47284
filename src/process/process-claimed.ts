import { cut } from "../text/cut.js";
import type { Clock } from "../domain.js";
import { type FailurePolicy, InvalidError, kindOf, messageOf, policyFor, UnendedError } from "../errors.js";
import { type Log, redact } from "../log.js";
import type { ClaimedDelivery } from "../store/deliveries/claim-deliveries.js";
import { readBody } from "../store/deliveries/delivery-body.js";
import { failDelivery } from "../store/deliveries/fail-delivery.js";
import { finishDelivery } from "../store/deliveries/finish-delivery.js";
import type { Store } from "../store/store.js";
import { deliveryLog } from "./delivery-log.js";
import { readEnvelope } from "./envelope.js";
import { parsePayload, type Payload } from "./payload.js";

/** A claimed delivery after its body was read. */
export interface ReceivedDelivery {
  readonly guid: string;
  readonly name: string;
  readonly payload: Payload;
  /** The claim that holds the row. */
  readonly token: string;
}

/**
 * Stores the facts of a delivery and finishes its row in one transaction. If the row is still unfinished afterwards,
 * the event has no listener.
 */
export type ProcessDelivery = (delivery: ReceivedDelivery) => Promise<unknown>;

export interface Processing {
  readonly store: Pick<Store, "sql">;
  readonly process: ProcessDelivery;
  readonly clock: Clock;
  readonly log: Log;
  readonly maxAttempts: number;
  readonly random: () => number;
}

const ERROR_LENGTH = 2_000;

/**
 * Processes one claimed delivery and records the outcome. Never rejects: if the outcome cannot be recorded either, the
 * lease expires and the sweep finds the row.
 * @returns when to retry, or null.
 */
export async function processClaimed(processing: Processing, delivery: ClaimedDelivery): Promise<Date | null> {
  let payload: Payload | null = null;
  try {
    payload = await readPayload(processing, delivery);
    if (delivery.attempts > processing.maxAttempts) throw unended(processing);
    await processOnce(processing, delivery, payload);
    return null;
  } catch (error) {
    const log = deliveryLog(processing.log, delivery.guid, payload);
    return await recordFailure({ ...processing, log }, delivery, { error, payload }).catch((cause: unknown) => {
      log.error({ err: cause, after: error }, "delivery failure could not be recorded");
      return null;
    });
  }
}

/**
 * After too many attempts the payload is read only to find its installation. Processing may be what ends the process,
 * so it is not repeated.
 */
async function readPayload(processing: Processing, { guid, attempts }: ClaimedDelivery): Promise<Payload> {
  if (attempts > processing.maxAttempts + 1) throw unended(processing);
  const body = await readBody(processing.store.sql, guid);
  if (body === null) throw new InvalidError("the body of the delivery is no longer stored");
  return parsePayload(body.contentType, body.bytes);
}

const unended = ({ maxAttempts }: Processing) => new UnendedError(`it started ${maxAttempts} times and never finished`);

async function processOnce(
  { store, process, clock }: Processing,
  delivery: ClaimedDelivery,
  payload: Payload,
): Promise<void> {
  const { guid, event, token } = delivery;
  await process({ guid, name: event, payload, token });
  // Nothing to do if the delivery was processed, or if another claim holds the row.
  await finishDelivery(store.sql, {
    guid,
    token,
    status: "skipped",
    reason: `not handled: no listener for ${event}`,
    outcome: null,
    ...readEnvelope(payload),
    now: clock.now(),
  });
}

async function recordFailure(
  processing: Processing,
  delivery: ClaimedDelivery,
  { error, payload }: { readonly error: unknown; readonly payload: Payload | null },
): Promise<Date | null> {
  const { store, clock, log, maxAttempts, random } = processing;
  const now = clock.now();
  const policy = policyFor(error, { attempt: delivery.attempts, maxAttempts, now, jitter: random() });
  const runAt = dueAgain(policy, now);
  const message = cut(redact(messageOf(error)), ERROR_LENGTH);
  const recorded = await failDelivery(store.sql, {
    id: delivery.id,
    token: delivery.token,
    status: policy.kind === "give-up" ? "failed" : policy.kind === "ignore" ? "skipped" : "retry",
    runAt,
    countsAttempt: policy.kind !== "retry-at",
    reason: "reason" in policy ? cut(redact(policy.reason), ERROR_LENGTH) : null,
    kind: kindOf(error),
    error: message,
    about: payload && readEnvelope(payload),
    now,
  });
  if (recorded) log.warn({ err: error, event: delivery.event, policy: policy.kind }, "delivery failed");
  return recorded ? runAt : null;
}

function dueAgain(policy: FailurePolicy, now: Date): Date | null {
  switch (policy.kind) {
    case "retry":
      return new Date(now.getTime() + policy.afterMs);
    case "retry-at":
      return policy.at;
    case "give-up":
    case "ignore":
      return null;
  }
}
