import type { Command } from "../commands/command.js";
import { commandJob } from "../commands/command-job.js";
import { help } from "../commands/help.js";
import type { DefinedJob } from "../../jobs/define-job.js";
import { catchUpJob } from "./catch-up-job.js";
import { explainCommand } from "./explain-command.js";
import { ignoreCommand } from "./ignore-command.js";
import { mergeGroupJob } from "../merge-group/merge-group-job.js";
import type { ReviewOptions } from "./options.js";
import { recheckJob } from "./recheck-job.js";
import { reviewCommand } from "./review-command.js";
import { reviewJob } from "./review-job.js";

/** Every command that people can give in a comment. A new agent adds its own here. */
export const COMMANDS: readonly Command[] = [reviewCommand, explainCommand, ignoreCommand, help];

/** The jobs of the code review agent, and the one that answers commands. */
export function reviewJobs(options: ReviewOptions): readonly DefinedJob[] {
  const commands = commandJob({ ...options, commands: COMMANDS });
  return [reviewJob(options), recheckJob, mergeGroupJob(options), catchUpJob, commands];
}
