import type { DefinedJob } from "../jobs/define-job.js";
import { agentJobs, settingsSource } from "../runs/registry.js";
import type { DefinedAgent } from "../runs/run.js";
import type { AgentServices } from "../runs/services.js";
import type { SettingsSource } from "../runs/settings/read-settings.js";

/** Pushes within this time are reviewed together. */
export const QUIET_MS = 12_000;

/** The agents' jobs. */
export function openAgents(
  agents: readonly DefinedAgent[],
  options: Omit<AgentServices, "quietMs"> & { readonly quietMs?: number | undefined },
): { readonly jobs: readonly DefinedJob[]; readonly settings: SettingsSource } {
  const services = { ...options, quietMs: options.quietMs ?? QUIET_MS };
  const settings = settingsSource(agents, services);
  return { jobs: agentJobs(agents, services, settings), settings };
}
