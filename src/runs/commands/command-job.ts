import { z } from "zod";
import { firstLine } from "../../text/first-line.js";
import type { Settings } from "../../settings/section.js";
import { codeSpan } from "../../text/markdown.js";
import { ARCHIVED, type Outcome } from "../../domain.js";
import { id } from "../../facts/scalars.js";
import type { EffectWriter } from "../../effects/writer.js";
import { mayAct, readRole } from "../../github/review/role.js";
import { findComment, type StoredComment } from "../../store/reviews/comment.js";
import { changeCommand, recordCommand } from "../../store/reviews/commands.js";
import { findRepository, type KnownRepository } from "../../store/repositories/find-repository.js";
import { answerEffect, eyesEffect } from "../answer.js";
import { type DefinedJob, defineAppJob } from "../../jobs/define-job.js";
import type { JobContext } from "../../jobs/job.js";
import type { AgentServices } from "../services.js";
import { currentSettings } from "../settings/current-settings.js";
import type { SettingsSource } from "../settings/read-settings.js";
import { effectsUnder } from "../../jobs/shadow.js";
import type { Command } from "./command.js";
import { type ParsedCommand, parseCommand } from "./parse-command.js";

const Payload = z.object({ repositoryId: id, number: z.int().positive(), commentId: id });
type Payload = z.infer<typeof Payload>;

export interface CommandOptions extends Pick<AgentServices, "client" | "login"> {
  readonly settings: SettingsSource;
  readonly commands: readonly Command[];
}

/** Answers a command in a comment: eyes at once, the answer when it is done, a refusal that says what role it takes. */
export function commandJob(options: CommandOptions): DefinedJob {
  return defineAppJob({
    name: "command",
    queue: "agents",
    class: "live",
    payload: Payload,
    attempts: 8,
    key: ({ commentId }) => String(commentId),
    async run({ repositoryId, number, commentId }, context) {
      const repository = await findRepository(context.store.sql, repositoryId);
      if (!repository) return { status: "skipped", reason: "the repository is not known any more" };
      if (repository.archived) return { status: "skipped", reason: ARCHIVED };
      const comment = await findComment(context.store.sql, repository.installationId, BigInt(commentId));
      if (!comment) return { status: "skipped", reason: "the comment is not stored any more" };
      if (comment.author === null || comment.isBot) return { status: "skipped", reason: "bots give no commands" };
      const parsed = parseCommand(comment.body, options.commands, await slugFor(comment, options));
      if (parsed.kind === "none") return { status: "skipped", reason: parsed.reason };
      const client = options.client(repository.installationId);
      const { settings } = await currentSettings(context, options.settings, client, repository);
      const writer = effectsUnder(settings, context, repository.installationId);
      const given = { repository, number, comment, author: comment.author, settings, writer };
      await begin(parsed, given, context);
      return parsed.kind === "mistyped"
        ? refuse(given, mistyped(parsed), null, context)
        : obey(options, parsed, given, context);
    },
  });
}

/** Asked only where somebody is mentioned: GitHub is asked for it once a process. */
async function slugFor({ body }: StoredComment, { login }: CommandOptions): Promise<string | null> {
  if (!login || !firstLine(body)?.startsWith("@")) return null;
  return (await login()).replace(/\[bot\]$/, "");
}

interface Given {
  readonly repository: KnownRepository;
  readonly number: number;
  readonly comment: StoredComment;
  readonly author: string;
  readonly settings: Settings;
  /** Where answers go. */
  readonly writer: EffectWriter;
}

const placeOf = ({ repository: { ref: repository }, number: issue, comment }: Given) => ({
  repository,
  issue,
  commentId: comment.id,
});

async function begin(
  parsed: Exclude<ParsedCommand, { kind: "none" }>,
  given: Given,
  context: JobContext,
): Promise<void> {
  await recordCommand(context.store.sql, {
    commentId: given.comment.id,
    installationId: given.repository.installationId,
    repositoryId: given.repository.ref.id,
    number: given.number,
    name: parsed.kind === "command" ? parsed.command.name : parsed.name,
    arguments: parsed.kind === "command" ? parsed.argument : "",
    by: given.author,
    now: context.clock.now(),
  });
  await given.writer.apply([eyesEffect(placeOf(given))], context);
}

async function obey(
  { client, commands }: CommandOptions,
  { command, argument }: Extract<ParsedCommand, { kind: "command" }>,
  given: Given,
  context: JobContext,
): Promise<Outcome> {
  const { repository, number, comment, author } = given;
  const role = await readRole(client(repository.installationId), repository.ref, author);
  if (!mayAct(role, command.role)) return refuse(given, tooLittle(command, role), role, context);
  const wrong = comment.isPullRequest ? "issue" : "pull request";
  if (command.on === wrong) return refuse(given, `\`/${command.name}\` works on a ${command.on} only.`, role, context);
  const end = await command.run({
    context,
    installationId: repository.installationId,
    repository: repository.ref,
    number,
    commentId: comment.id,
    by: author,
    role,
    shadow: given.settings.shadow,
    argument,
    all: commands,
  });
  const now = context.clock.now();
  if (end.status === "later") {
    // Accepted first: the run that the job leads to looks for the commands that wait for it.
    await changeCommand(context.store.sql, comment.id, { status: "accepted", role, reason: end.reason, now });
    await context.plan([end.job]);
    return { status: "done", reason: end.reason };
  }
  await given.writer.apply([answerEffect(placeOf(given), end.markdown)], context);
  const reason = `answered ${author}`;
  await changeCommand(context.store.sql, comment.id, { status: "done", role, reason, now });
  return { status: "done", reason: `/${command.name}: ${reason}` };
}

async function refuse(given: Given, markdown: string, role: string | null, context: JobContext): Promise<Outcome> {
  await given.writer.apply([answerEffect(placeOf(given), markdown)], context);
  const change = { status: "refused", reason: markdown, now: context.clock.now() } as const;
  await changeCommand(context.store.sql, given.comment.id, role === null ? change : { ...change, role });
  return { status: "skipped", reason: `refused: ${markdown}` };
}

function tooLittle(command: Command, role: string): string {
  const yours = role === "none" ? "you have none in this repository" : `yours is ${role}`;
  return `\`/${command.name}\` needs the role ${command.role} or more; ${yours}.`;
}

function mistyped({ name, meant }: Extract<ParsedCommand, { kind: "mistyped" }>): string {
  return `There is no command ${codeSpan(`/${name}`)}; did you mean \`${meant.usage}\`? \`/help\` lists what you may use.`;
}
