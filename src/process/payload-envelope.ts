import { z } from "zod";
import type { Payload } from "./payload.js";

const Identified = z.object({ id: z.int().nonnegative() });
const Numbered = z.object({ number: z.int().positive() });

const Envelope = z.object({
  action: z.string().max(255).nullable().catch(null),
  installation: Identified.nullable().catch(null),
  repository: Identified.nullable().catch(null),
  pull_request: Numbered.nullable().catch(null),
  issue: Numbered.extend({ pull_request: z.unknown().optional() }).nullable().catch(null),
});

/** What a payload says of itself, as far as it does. */
export interface PayloadEnvelope {
  readonly action: string | null;
  readonly installationId: bigint | null;
  readonly repositoryId: bigint | null;
  /** The pull request or issue that it is about, as handlers name them: `pull_request:12`. Null: anything else. */
  readonly subject: string | null;
}

/** What nearly every payload says whatever its event: read for deliveries that no handler takes, or that fail. */
export function readEnvelope(payload: Payload): PayloadEnvelope {
  const { action, installation, repository, ...about } = Envelope.parse(payload);
  return {
    action,
    installationId: installation === null ? null : BigInt(installation.id),
    repositoryId: repository === null ? null : BigInt(repository.id),
    subject: subjectOf(about),
  };
}

function subjectOf({ pull_request, issue }: Pick<z.infer<typeof Envelope>, "pull_request" | "issue">): string | null {
  if (pull_request !== null) return `pull_request:${pull_request.number}`;
  if (issue === null) return null;
  // An issue with this field is a pull request as the issues API shows it.
  return `${issue.pull_request ? "pull_request" : "issue"}:${issue.number}`;
}
