import { z } from "zod";
import type { Payload } from "./payload.js";

const Identified = z.object({ id: z.int().nonnegative() });

const Envelope = z.object({
  action: z.string().max(255).nullable().catch(null),
  installation: Identified.nullable().catch(null),
  repository: Identified.nullable().catch(null),
});

/** What nearly every payload says whatever its event: read for deliveries that no handler takes, or that fail. */
export function readEnvelope(payload: Payload): {
  readonly action: string | null;
  readonly installationId: bigint | null;
  readonly repositoryId: bigint | null;
} {
  const { action, installation, repository } = Envelope.parse(payload);
  return {
    action,
    installationId: installation === null ? null : BigInt(installation.id),
    repositoryId: repository === null ? null : BigInt(repository.id),
  };
}
