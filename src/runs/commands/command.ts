import type { JobRequest, RepositoryRef } from "../../domain.js";
import type { Role } from "../../github/review/role.js";
import type { JobContext } from "../../jobs/job.js";

/** One comment that gives a command, by somebody who may. */
export interface CommandCall {
  readonly context: JobContext;
  readonly installationId: bigint;
  readonly repository: RepositoryRef;
  readonly number: number;
  readonly commentId: bigint;
  readonly by: string;
  readonly role: Role;
  /** The repository is in shadow mode: what is answered is stored, and not written. */
  readonly shadow: boolean;
  /** What stands behind the command on its line. */
  readonly argument: string;
  /** Every command of the app, for those that speak of the others. */
  readonly all: readonly Command[];
}

/** `later`: the job is planned, and its run answers. Markdown is of our own making. */
export type CommandEnd =
  | { readonly status: "answered"; readonly markdown: string }
  | { readonly status: "later"; readonly reason: string; readonly job: JobRequest };

/** Something that people can ask for in a comment. An agent lists its own. */
export interface Command {
  /** Without the slash, lower case. */
  readonly name: string;
  /** Such as `/ignore <rule>`. */
  readonly usage: string;
  readonly does: string;
  /** The least role in the repository that may use it. */
  readonly role: Exclude<Role, "none">;
  readonly on: "pull request" | "issue" | "both";
  run(call: CommandCall): Promise<CommandEnd>;
}
