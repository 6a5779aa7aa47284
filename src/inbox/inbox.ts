import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../domain.js";
import { messageOf } from "../errors.js";
import { createBudget, type Share } from "../http/budget.js";
import { readBody } from "../http/read-body.js";
import { pathOf } from "../http/request-path.js";
import { type Refusal, refusal, refuse } from "../http/refusal.js";
import type { Log } from "../log.js";
import { compress } from "../store/deliveries/compression.js";
import type { NewDelivery, Recorded } from "../store/deliveries/new-delivery.js";
import { recordDeliveries } from "../store/deliveries/record-deliveries.js";
import type { Store } from "../store/store.js";
import { accept } from "./answer.js";
import { deliveryLog } from "../process/delivery-log.js";
import { dedupeKey } from "./fingerprint.js";
import { createGroupCommit, NotDurableError } from "./group-commit.js";
import { type DeliveryHeaders, readHeaders } from "./headers.js";
import { INBOX_LIMITS, type InboxLimits } from "./limits.js";
import { createTally } from "./tally.js";
import { createWaker } from "./waker.js";
import { createVerifier } from "./verify.js";

/** The paths that receive deliveries: the contract's path, and the alias of the original architecture. */
export const WEBHOOK_PATHS: readonly string[] = ["/api/github/webhooks", "/api/webhooks/github/receive"];

const COMMIT = { maxRows: 256, maxBytes: 8 * 1024 * 1024, inFlight: 2, crowd: 16 } as const;

export interface InboxOptions {
  readonly store: Pick<Store, "pool">;
  /** Each secret is accepted; there are several during a rotation. */
  readonly secrets: readonly string[];
  /** Wakes a worker for committed rows. It may fail or hang, because the sweep finds the rows. */
  readonly wake: (ids: readonly string[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<InboxLimits>;
  /** A hook for tests between the commit and everything after it. */
  readonly onCommitted?: (() => void) | undefined;
  /** Receives each answer, for metrics. */
  readonly onAnswer?: (answer: { readonly status: number; readonly duplicate: boolean }) => void;
}

export interface Inbox {
  /** The result of the last commit; null before the first. */
  readonly lastCommit: { readonly at: Date; readonly failure: string | null } | null;
  /**
   * Handles the request if its path belongs to the inbox, and returns whether it did. Use it for the server's `request`
   * and `checkContinue`. A handled request is always answered or closed; this never throws.
   */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** Refuses new requests with 503, and resolves when all accepted requests are answered. */
  drain(): Promise<void>;
}

/** @throws RangeError without a secret. */
export function createInbox(options: InboxOptions): Inbox {
  const limits: InboxLimits = { ...INBOX_LIMITS, ...options.limits };
  const { store, clock, log } = options;
  const verifier = createVerifier(options.secrets);
  const budget = createBudget(limits);
  const waker = createWaker({ wake: options.wake, log });
  const taken = createTally();
  let draining = false;
  let lastCommit: Inbox["lastCommit"] = null;
  const committed = (failure: string | null): void => {
    lastCommit = { at: clock.now(), failure };
  };

  const commits = createGroupCommit<NewDelivery, Recorded>({
    ...COMMIT,
    timeoutMs: limits.commitMs,
    bytesOf: ({ stored }) => stored.body.length,
    commit: async (batch, signal) => {
      const recorded = await recordDeliveries(store, batch, { now: clock.now(), signal }).catch((error: unknown) => {
        log.error({ err: error, deliveries: batch.length }, "deliveries could not be stored");
        throw error;
      });
      committed(null);
      options.onCommitted?.();
      waker.wake(recorded.flatMap(({ wake }) => wake ?? []));
      return recorded;
    },
  });

  async function take(request: IncomingMessage, response: ServerResponse, headers: DeliveryHeaders): Promise<void> {
    const share = budget.open();
    try {
      if (request.headers.expect !== undefined) response.writeContinue();
      const result = await receive(request, headers, share);
      if (result === null) return;
      if ("status" in result) return answerRefusal(request, response, result);
      options.onAnswer?.({ status: 202, duplicate: result.duplicate });
      if (!response.destroyed) accept(response, headers.guid, result.duplicate);
    } catch (error) {
      if (error instanceof NotDurableError) committed(messageOf(error.cause ?? error));
      else deliveryLog(log, headers.guid).error({ err: error }, "delivery refused");
      answerRefusal(request, response, refusal(503, "the delivery could not be stored"));
    } finally {
      share.free();
    }
  }

  /** Null when the sender disconnected before the end of the body. */
  async function receive(
    request: IncomingMessage,
    headers: DeliveryHeaders,
    share: Share,
  ): Promise<Recorded | Refusal | null> {
    const verification = verifier();
    const body = await readBody(request, {
      limitBytes: limits.bodyBytes,
      timeoutMs: limits.bodyMs,
      share,
      onChunk: (chunk) => verification.update(chunk),
    });
    if (body.kind === "aborted") return null;
    if (body.kind === "refused") return body.refusal;
    const mac = verification.check(headers.signature);
    if (mac === null) return refusal(401, "x-hub-signature-256 does not match the body");
    const stored = await compress(body.chunks, body.bytes);
    share.shrinkTo(stored.body.length);
    return commits.add({
      headers,
      bodyBytes: body.bytes,
      dedupeKey: dedupeKey(headers.event, mac),
      stored,
    });
  }

  function answerRefusal(request: IncomingMessage, response: ServerResponse, reason: Refusal): void {
    options.onAnswer?.({ status: reason.status, duplicate: false });
    refuse(request, response, reason, limits.lingerMs);
  }

  return {
    get lastCommit() {
      return lastCommit;
    },
    handle(request, response) {
      if (!WEBHOOK_PATHS.includes(pathOf(request))) return false;
      response.on("error", ignore);
      const read = readHeaders(request.method, request.headers, limits.bodyBytes);
      if (!read.ok) answerRefusal(request, response, read.refusal);
      else if (draining) answerRefusal(request, response, refusal(503, "this process is stopping"));
      else {
        taken.begin();
        void take(request, response, read.headers).finally(() => taken.end());
      }
      return true;
    },
    async drain() {
      draining = true;
      await taken.none();
      await commits.idle();
      await waker.idle();
    },
  };
}

function ignore(): void {}
