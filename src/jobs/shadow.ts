import type { Settings } from "../settings/section.js";
import { createDryRunWriter } from "../effects/dry-run-writer.js";
import type { EffectWriter } from "../effects/writer.js";
import type { JobContext } from "./job.js";

/** The writer for a repository: to GitHub, or in shadow mode to the ledger only. */
export function effectsUnder(
  { shadow }: Pick<Settings, "shadow">,
  context: JobContext,
  installationId: bigint,
): EffectWriter {
  if (!shadow) return context.effects();
  return createDryRunWriter({ installationId, store: context.store, print: () => undefined });
}
