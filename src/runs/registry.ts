import type { DefinedJob } from "../jobs/define-job.js";
import { NOTICES } from "../jobs/notices/settings.js";
import { settingsBook, type SettingsBook } from "../settings/book.js";
import { codeReview } from "./code-review/agent.js";
import type { Command } from "./commands/command.js";
import { commandJob } from "./commands/command-job.js";
import { explainCommand } from "./commands/explain.js";
import { deploymentAgent } from "./deployment/agent.js";
import { deployedAgent } from "./deployment/deployed.js";
import { protectionAgent } from "./deployment/protection.js";
import { help } from "./commands/help.js";
import { mergeGroup } from "./merge-group/agent.js";
import { resumeWritesJob } from "./resume-writes.js";
import type { DefinedAgent } from "./run.js";
import type { AgentServices, Parsers } from "./services.js";
import { triageAgent } from "./triage/agent.js";
import type { SettingsSource } from "./settings/read-settings.js";

/** Every agent. Adding one here registers its settings, commands, triggers and jobs. */
export const AGENTS: readonly DefinedAgent[] = [
  codeReview,
  mergeGroup,
  triageAgent,
  deploymentAgent,
  protectionAgent,
  deployedAgent,
];

/** `.github/companyos.yml` with the sections of these agents. */
export function bookOf(agents: readonly DefinedAgent[]): SettingsBook {
  return settingsBook([...new Set([NOTICES, ...agents.map(({ section }) => section)])]);
}

/** Every command that people can give in a comment. */
export function commandsOf(agents: readonly DefinedAgent[]): readonly Command[] {
  return [...agents.flatMap(({ commands }) => commands), explainCommand, help];
}

/** The settings source of this process: the sections and checks of its agents. */
export function settingsSource(agents: readonly DefinedAgent[], services: Parsers): SettingsSource {
  return {
    book: bookOf(agents),
    check: async (settings, positionOf) => {
      const problems = agents.map((agent) => agent.checkSettings(settings, positionOf, services));
      return (await Promise.all(problems)).flat();
    },
  };
}

/** The jobs of the agents, the job that answers commands, and the job that applies effects that had to wait. */
export function agentJobs(
  agents: readonly DefinedAgent[],
  services: AgentServices,
  settings: SettingsSource,
): readonly DefinedJob[] {
  const commands = commandJob({ ...services, settings, commands: commandsOf(agents) });
  return [...agents.flatMap((agent) => agent.jobs(services, settings)), commands, resumeWritesJob(agents)];
}
