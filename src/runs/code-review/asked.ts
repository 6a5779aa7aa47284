import { prose } from "../../text/markdown.js";
import type { RepositoryRef } from "../../domain.js";
import type { EffectWriter } from "../../effects/writer.js";
import { acceptedCommands, changeCommand } from "../../store/reviews/commands.js";
import type { Sql } from "../../store/store.js";
import { answerEffect } from "./answer.js";
import type { JobContext } from "../../jobs/job.js";

/** What stands behind `/review` to have everything read anew. */
export const FULL = "full";

/** Who asked for a review, and whether anybody did. */
export interface Asked {
  readonly asked: boolean;
  /** Everything is to be read anew. */
  readonly full: boolean;
  readonly trigger: "pull request" | "command" | "re-run";
  readonly commands: readonly bigint[];
}

/** Commands are in the database, so that a run that waited already serves those that came after it. */
export async function askedFor(
  sql: Sql,
  scope: { readonly installationId: bigint; readonly repositoryId: bigint; readonly number: number },
  rerequested: boolean,
): Promise<Asked> {
  const accepted = await acceptedCommands(sql, scope, "review");
  const commands = accepted.map(({ commentId }) => commentId);
  const full = accepted.some((command) => command.arguments.toLowerCase() === FULL);
  const trigger = commands.length > 0 ? "command" : rerequested ? "re-run" : "pull request";
  return { asked: commands.length > 0 || rerequested, full, trigger, commands };
}

/** Tells those who asked by a command what came of it, where `writer` tells things. */
export async function answerAsked(
  { commands }: Asked,
  repository: RepositoryRef,
  issue: number,
  said: string,
  context: JobContext,
  writer: EffectWriter,
): Promise<void> {
  for (const commentId of commands) {
    await writer.apply([answerEffect({ repository, issue, commentId }, prose(said))], context);
    await changeCommand(context.store.sql, commentId, { status: "done", reason: said, now: context.clock.now() });
  }
}
