import type { JobRequest, RepositoryRef, Role } from "../../domain.js";
import type { GitHubClient } from "../../github/client.js";
import type { Settings } from "../../settings/section.js";
import type { JobContext } from "../../jobs/job.js";

/** One comment with a command, by a person with the required role. */
export interface CommandCall {
  readonly context: JobContext;
  readonly installationId: bigint;
  readonly repository: RepositoryRef;
  readonly number: number;
  readonly isPullRequest: boolean;
  readonly commentId: bigint;
  readonly by: string;
  readonly role: Role;
  /** The repository is in shadow mode: the answer is stored, and not written. */
  readonly shadow: boolean;
  readonly settings: Settings;
  /** Calls of the installation. */
  readonly client: GitHubClient;
  /** The text after the command on its line. */
  readonly argument: string;
  /** Every command of the app, for commands that list the others. */
  readonly all: readonly Command[];
}

/** `later`: the job is planned, and its run answers. The Markdown comes from this app. */
export type CommandEnd =
  | { readonly status: "answered"; readonly markdown: string }
  | { readonly status: "later"; readonly reason: string; readonly job: JobRequest };

/** A command that people can give in a comment. Each agent lists its own. */
export interface Command {
  /** Without the slash, lower case. */
  readonly name: string;
  /** Such as `/ignore <rule>`. */
  readonly usage: string;
  readonly does: string;
  /** The lowest role in the repository that may use it. */
  readonly role: Exclude<Role, "none">;
  readonly on: "pull request" | "issue" | "both";
  /** Why a repository does not have the command; null, or left out: it has. Other apps may have one of the same name. */
  unavailable?(settings: Settings): string | null;
  run(call: CommandCall): Promise<CommandEnd>;
}
