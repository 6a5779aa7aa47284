import type { z } from "zod";
import type { HandledEvent } from "../domain.js";
import type { Wish } from "../job-payloads.js";
import { InvalidError } from "../errors.js";
import type { Fact } from "../facts/fact.js";
import { foreignKey } from "./foreign-keys.js";

/** What the store knows, beside the payload, when a delivery is handled. */
export interface Known {
  /** The App of the installation; null while only its name is known. */
  readonly appId: bigint | null;
}

/** A named reason to store a delivery's facts and plan nothing. `because` is shown to people. */
export interface SkipReason<P> {
  readonly id: string;
  readonly reason: string;
  applies(payload: P, known: Known): boolean;
}

/** What one event type tells us, and what work it calls for. Pure: no clock, no store, no network. */
export interface HandlerSpec<P> {
  readonly on: HandledEvent;
  /** The actions that GitHub documents for the event; null where it has none. Facts of other actions are stored too. */
  readonly actions: readonly string[] | null;
  /** The fields that are used, and no others. */
  readonly payload: z.ZodType<P>;
  /** What the delivery is about inside its repository, such as `pull_request:12`. */
  subject(payload: P): string | null;
  /** The first reason that applies is stored with the delivery, and no job is planned. Facts are stored all the same. */
  readonly skipWhen: readonly SkipReason<P>[];
  /** The rows that this delivery proves. */
  facts(payload: P): readonly Fact[];
  /**
   * The work that this delivery calls for. A job that is not in the list of jobs is not planned, and the plan says so:
   * a new agent is one line in that list.
   */
  jobs(payload: P): readonly Wish[];
}

/** A payload that has been read. */
export interface Reading {
  readonly subject: string | null;
  readonly facts: readonly Fact[];
  readonly jobs: readonly Wish[];
  skip(known: Known): { readonly id: string; readonly reason: string } | null;
}

/** A handler whose payload type is its own affair: what the list of all handlers holds. */
export interface Handler {
  readonly on: HandledEvent;
  readonly actions: readonly string[] | null;
  /** @throws InvalidError when the payload has not the shape of its event; it names the field. */
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
