import { openInspector } from "../agents/code-review/inspect/child-process.js";
import type { Inspector } from "../agents/code-review/inspect/inspector.js";
import type { DefinedJob } from "../jobs/define-job.js";
import { agentJobs, settingsSource } from "../runs/registry.js";
import type { DefinedAgent } from "../runs/run.js";
import type { AgentServices } from "../runs/services.js";
import type { SettingsSource } from "../runs/settings/read-settings.js";
import type { Closing } from "./closing.js";

/** A second push within this time is reviewed with the first. */
export const QUIET_MS = 12_000;

/** The agents' jobs, with parsers in a process of their own that starts at the first file. */
export function openAgents(
  open: Closing,
  agents: readonly DefinedAgent[],
  options: Pick<AgentServices, "client" | "second" | "login"> & { readonly quietMs?: number | undefined },
): { readonly jobs: readonly DefinedJob[]; readonly settings: SettingsSource } {
  const inspector: Inspector = open.add(openInspector(), (opened) => opened.close());
  const services = { ...options, inspector, quietMs: options.quietMs ?? QUIET_MS };
  const settings = settingsSource(agents, services);
  return { jobs: agentJobs(agents, services, settings), settings };
}
