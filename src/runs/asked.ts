import type { RepositoryRef } from "../domain.js";
import type { EffectWriter } from "../effects/writer.js";
import type { JobContext } from "../jobs/job.js";
import { acceptedCommands, type AskedCommand, changeCommand } from "../store/reviews/commands.js";
import type { Sql } from "../store/store.js";
import { prose } from "../text/markdown.js";
import { answerEffect } from "./answer.js";
import type { Command } from "./commands/command.js";
import { applyOptional } from "./failures.js";

/** The requests for a run, if there are any. */
export interface Asked {
  readonly asked: boolean;
  readonly trigger: "delivery" | "command" | "re-run";
  /** Commands that wait for this run. */
  readonly commands: readonly AskedCommand[];
}

/** Commands are stored in the database, so one waiting run also serves commands that came later. */
export async function askedFor(
  sql: Sql,
  scope: { readonly installationId: bigint; readonly repositoryId: bigint; readonly number: number | null },
  own: readonly Command[],
  rerequested: boolean,
): Promise<Asked> {
  const { installationId, repositoryId, number } = scope;
  const names = own.map(({ name }) => name);
  const commands =
    number === null || names.length === 0
      ? []
      : await acceptedCommands(sql, { installationId, repositoryId, number }, names);
  const trigger = commands.length > 0 ? "command" : rerequested ? "re-run" : "delivery";
  return { asked: commands.length > 0 || rerequested, trigger, commands };
}

/** Answers the commands, through `writer`. */
export async function answerAsked(
  { commands }: Asked,
  { repository, issue }: { readonly repository: RepositoryRef; readonly issue: number | null },
  said: string,
  context: JobContext,
  writer: EffectWriter,
): Promise<void> {
  for (const { commentId } of commands) {
    if (issue === null) continue;
    const note = await applyOptional(writer, answerEffect({ repository, issue, commentId }, prose(said)), context);
    const reason = note === null ? said : `${said}; ${note}`;
    await changeCommand(context.store.sql, commentId, { status: "done", reason, now: context.clock.now() });
  }
}
