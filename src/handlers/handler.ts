import type { z } from "zod";
import type { HandledEvent } from "../domain.js";
import type { Wish } from "../job-payloads.js";
import { InvalidError } from "../errors.js";
import type { Fact } from "../facts/fact.js";
import { foreignKey } from "./foreign-keys.js";

/** What the store knows about a delivery in addition to its payload. */
export interface Known {
  /** The App of the installation; null while only its name is known. */
  readonly appId: bigint | null;
}

/** A named reason to store a delivery's facts and plan no jobs. People see the reason. */
export interface SkipReason<P> {
  readonly id: string;
  readonly reason: string;
  applies(payload: P, known: Known): boolean;
}

/** The facts and the work of one event type. Pure: no clock, no store, no network. */
export interface HandlerSpec<P> {
  readonly on: HandledEvent;
  /** The actions that GitHub documents for the event; null if it has none. Facts of other actions are stored too. */
  readonly actions: readonly string[] | null;
  /** The payload fields that are used. */
  readonly payload: z.ZodType<P>;
  /** The subject of the delivery inside its repository, such as `pull_request:12`. */
  subject(payload: P): string | null;
  /** The first reason that applies is stored with the delivery, and no job is planned. Facts are stored anyway. */
  readonly skipWhen: readonly SkipReason<P>[];
  /** The rows in this delivery. */
  facts(payload: P): readonly Fact[];
  /** The jobs that this delivery requests. A job that is not registered is not planned, and the plan says so. */
  jobs(payload: P): readonly Wish[];
}

/** A payload that was read. */
export interface Reading {
  readonly subject: string | null;
  readonly facts: readonly Fact[];
  readonly jobs: readonly Wish[];
  skip(known: Known): { readonly id: string; readonly reason: string } | null;
}

/** A handler without its payload type, as in the list of all handlers. */
export interface Handler {
  readonly on: HandledEvent;
  readonly actions: readonly string[] | null;
  /** @throws InvalidError when the payload does not have the shape of its event; it names the field. */
  read(payload: unknown): Reading;
}

export function defineHandler<P>(spec: HandlerSpec<P>): Handler {
  return {
    on: spec.on,
    actions: spec.actions,
    read(body) {
      const foreign = foreignKey(spec.on, body);
      if (foreign !== null)
        throw new InvalidError(`the payload does not belong to the event ${spec.on}: it has ${foreign}`);
      const parsed = spec.payload.safeParse(body);
      if (!parsed.success) throw new InvalidError(misfit(spec.on, parsed.error));
      const payload = parsed.data;
      return {
        subject: spec.subject(payload),
        facts: spec.facts(payload),
        jobs: spec.jobs(payload),
        skip: (known) => spec.skipWhen.find((reason) => reason.applies(payload, known)) ?? null,
      };
    },
  };
}

const PROBLEMS_SHOWN = 3;

function misfit(event: string, error: z.ZodError): string {
  const problems = error.issues.map((issue) => `${issue.path.join(".") || "payload"}: ${issue.message}`);
  const more = problems.length > PROBLEMS_SHOWN ? ` and ${problems.length - PROBLEMS_SHOWN} more` : "";
  return `the payload is not valid for the event ${event}: ${problems.slice(0, PROBLEMS_SHOWN).join("; ")}${more}`;
}
