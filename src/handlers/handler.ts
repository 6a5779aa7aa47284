import type { EmitterWebhookEvent, EmitterWebhookEventName } from "@octokit/webhooks";
import type { JobRequest } from "../domain.js";
import type { Fact } from "../facts/fact.js";

/** A named reason to store a delivery's facts and plan nothing. `because` is shown to people. */
export interface SkipReason<E extends EmitterWebhookEventName> {
  readonly id: string;
  readonly because: string;
  applies(event: EmitterWebhookEvent<E>): boolean;
}

/** What one event type tells us, and what work it calls for. Pure: no clock, no store, no network. */
export interface HandlerSpec<E extends EmitterWebhookEventName> {
  readonly on: readonly E[];
  /** The first reason that applies is stored with the delivery, and no job is planned. Facts are stored all the same. */
  readonly skipWhen: readonly SkipReason<E>[];
  /** The rows that this delivery proves. Throws `InvalidError` when the payload has not the shape of its event. */
  facts(event: EmitterWebhookEvent<E>): readonly Fact[];
  /** The work that this delivery calls for. */
  jobs(event: EmitterWebhookEvent<E>): readonly JobRequest[];
}
