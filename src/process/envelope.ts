import { z } from "zod";
import { InvalidError } from "../errors.js";
import type { Payload } from "./payload.js";

/** The fields that handlers need from every payload. */
const Envelope = z.object({
  action: z.string().nullish(),
  installation: z.object({ id: z.number().int() }).nullish(),
  repository: z.object({ id: z.number().int(), full_name: z.string(), archived: z.unknown().optional() }).nullish(),
});
export type Envelope = z.infer<typeof Envelope>;

/** @throws InvalidError when the payload is not an object, or one of these fields has another type. */
export function parseEnvelope(payload: unknown): Envelope {
  const parsed = Envelope.safeParse(payload);
  if (parsed.success) return parsed.data;
  const [problem] = parsed.error.issues;
  throw new InvalidError(`${problem?.path.join(".") || "payload"}: ${problem?.message ?? "not a GitHub payload"}`);
}

const Sent = z.object({ sender: z.object({ login: z.string().max(255) }) });

/** The login of the account that caused the event; null: the payload names none. */
export function senderOf(payload: unknown): string | null {
  return Sent.safeParse(payload).data?.sender.login ?? null;
}

const Identified = z.object({ id: z.int().nonnegative() });
const Numbered = z.object({ number: z.int().positive() });

/** A field that cannot be read is null, so that the others still identify the delivery's installation. */
const ReadableFields = z.object({
  action: z.string().max(255).nullable().catch(null),
  installation: Identified.nullable().catch(null),
  repository: Identified.nullable().catch(null),
  pull_request: Numbered.nullable().catch(null),
  issue: Numbered.extend({ pull_request: z.unknown().optional() }).nullable().catch(null),
});

/** The columns of a delivery's row that come from its payload. */
export interface EnvelopeColumns {
  readonly action: string | null;
  readonly installationId: bigint | null;
  readonly repositoryId: bigint | null;
  /** The pull request or issue in the form `pull_request:12`. Null: another subject. */
  readonly subject: string | null;
  readonly senderLogin: string | null;
}

/** For a delivery without a handler, or one that fails. Never throws. */
export function readEnvelope(payload: Payload): EnvelopeColumns {
  const { action, installation, repository, ...about } = ReadableFields.parse(payload);
  return {
    action,
    installationId: installation === null ? null : BigInt(installation.id),
    repositoryId: repository === null ? null : BigInt(repository.id),
    subject: subjectOf(about),
    senderLogin: senderOf(payload),
  };
}

type Subject = Pick<z.infer<typeof ReadableFields>, "pull_request" | "issue">;

function subjectOf({ pull_request, issue }: Subject): string | null {
  if (pull_request !== null) return `pull_request:${pull_request.number}`;
  if (issue === null) return null;
  // The issues API marks a pull request with this field.
  return `${issue.pull_request ? "pull_request" : "issue"}:${issue.number}`;
}
