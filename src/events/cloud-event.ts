import { z } from "zod";
import type { NewEvent, StoredEvent } from "../store/events/event-log.js";

/** An event as a sink sends it. */
export interface OutgoingEvent {
  readonly position: bigint;
  readonly id: string;
  /** Dotted words, for routing: `github.pull_request.opened`. */
  readonly topic: string;
  readonly type: string;
  readonly subject: string | null;
  readonly installationId: bigint | null;
  /** The CloudEvents 1.0 envelope in JSON, with the data. */
  readonly json: string;
}

const Identified = z.object({ id: z.int().nonnegative() });
const Numbered = z.object({ number: z.int().positive() });
const FullName = z.string().regex(/^[\w.-]+\/[\w.-]+$/);

const Facts = z.object({
  action: z
    .string()
    .regex(/^\w{1,64}$/)
    .nullable()
    .catch(null),
  installation: Identified.nullable().catch(null),
  repository: Identified.extend({ full_name: FullName }).nullable().catch(null),
  organization: z
    .object({ login: z.string().regex(/^[\w.-]+$/) })
    .nullable()
    .catch(null),
  pull_request: Numbered.nullable().catch(null),
  issue: Numbered.nullable().catch(null),
  discussion: Numbered.nullable().catch(null),
  number: z.int().positive().nullable().catch(null),
});

/** A delivery as an event, without the tenant, which only the store knows. */
export type DeliveredEvent = NewEvent & {
  /** `owner/name`; null: no repository. */
  readonly repository: string | null;
};

/** Reads the envelope's fields from a payload. Text of the payload is used only if it has the form of a name. */
export function deliveredEvent(
  delivery: { readonly guid: string; readonly event: string; readonly receivedAt: Date },
  payload: unknown,
  serverUrl: string,
): DeliveredEvent {
  const facts = Facts.parse(payload);
  const { repository, organization, installation, action } = facts;
  const number = (facts.pull_request ?? facts.issue ?? facts.discussion)?.number ?? facts.number;
  const of = repository?.full_name ?? organization?.login ?? null;
  return {
    eventId: delivery.guid,
    topic: ["github", delivery.event, ...(action === null ? [] : [action])].join("."),
    source: of === null ? serverUrl : `${serverUrl}/${of}`,
    subject: of !== null && repository !== null && number !== null ? `${of}#${number}` : of,
    installationId: installation === null ? null : BigInt(installation.id),
    repositoryId: repository === null ? null : BigInt(repository.id),
    time: delivery.receivedAt,
    data: null,
    repository: repository?.full_name ?? null,
  };
}

/** @param body the JSON text of a delivery's payload; null: no longer stored, or the event has its own data. */
export function outgoing(event: StoredEvent, body: string | null): OutgoingEvent {
  const type = event.topic.startsWith("github.") ? `com.${event.topic}` : event.topic;
  const attributes = {
    specversion: "1.0",
    id: event.eventId,
    source: event.source,
    type,
    ...(event.subject !== null && { subject: event.subject, partitionkey: event.subject }),
    time: event.time.toISOString(),
    // Compared as text, as the extension requires.
    sequence: event.position.toString().padStart(19, "0"),
    ...(event.installationId !== null && { installationid: String(event.installationId) }),
    datacontenttype: "application/json",
  };
  const data = body ?? (event.data === null ? null : JSON.stringify(event.data));
  const head = JSON.stringify(attributes);
  return {
    position: event.position,
    id: event.eventId,
    topic: event.topic,
    type,
    subject: event.subject,
    installationId: event.installationId,
    json: data === null ? head : `${head.slice(0, -1)},"data":${data}}`,
  };
}
