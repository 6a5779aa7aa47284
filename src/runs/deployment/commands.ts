import { DEPLOYMENTS } from "../../agents/deployment/settings.js";
import { sectionOf, type Settings } from "../../settings/section.js";
import type { Command } from "../commands/command.js";

export const DEPLOY_JOB = "deploy";

/** Commands that write are off unless the repository's settings switch them on. */
export function unavailable(settings: Settings): string | null {
  return sectionOf(settings, DEPLOYMENTS).enabled ? null : "deployments.enabled is false in the settings";
}

const deploying = {
  role: "write",
  on: "both",
  unavailable,
  run({ repository, number, isPullRequest }) {
    const payload = { repositoryId: Number(repository.id), number, isPullRequest, asked: true };
    return Promise.resolve({
      status: "later",
      reason: "a person requested a deployment",
      job: { name: DEPLOY_JOB, payload },
    });
  },
} as const satisfies Partial<Command>;

/** The run answers, when the gates have decided. */
export const deployCommand: Command = {
  ...deploying,
  name: "deploy",
  usage: "/deploy <environment> [commit] [--noop] [--override <reason>]",
  does: "deploys the head of this pull request, or the commit; `--noop` only shows the gates",
};

export const rollbackCommand: Command = {
  ...deploying,
  name: "rollback",
  usage: "/rollback <environment> [--override <reason>]",
  does: "deploys the commit that ran before the present one",
};
