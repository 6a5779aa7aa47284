import { z } from "zod";
import { firstLine } from "../../text/first-line.js";
import type { Settings } from "../../settings/section.js";
import { codeSpan } from "../../text/markdown.js";
import { ARCHIVED, mayAct, type Outcome } from "../../domain.js";
import { id } from "../../facts/scalars.js";
import type { EffectWriter } from "../../effects/writer.js";
import type { GitHubClient } from "../../github/client.js";
import { readRole } from "../../github/review/role.js";
import { findComment, type StoredComment } from "../../store/reviews/comment.js";
import {
  type AboveLimit,
  admitCommand,
  changeCommand,
  type CommandLimits,
  recordCommand,
} from "../../store/reviews/commands.js";
import { findRepository, type KnownRepository } from "../../store/repositories/find-repository.js";
import { answerEffect, eyesEffect } from "../answer.js";
import { type DefinedJob, defineAppJob } from "../../jobs/define-job.js";
import type { JobContext } from "../../jobs/job.js";
import type { AgentServices } from "../services.js";
import { currentSettings } from "../settings/current-settings.js";
import type { SettingsSource } from "../settings/read-settings.js";
import { applyOptional } from "../failures.js";
import { effectsUnder } from "../../jobs/shadow.js";
import type { Command } from "./command.js";
import { type ParsedCommand, parseCommand } from "./parse-command.js";

const Payload = z.object({ repositoryId: id, number: z.int().positive(), commentId: id });
type Payload = z.infer<typeof Payload>;

export interface CommandOptions extends Pick<AgentServices, "client" | "login"> {
  readonly settings: SettingsSource;
  readonly commands: readonly Command[];
}

/**
 * Answers a command in a comment: a reaction at once, the answer at the end, or a refusal that names the required role.
 */
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
      if (!repository) return { status: "skipped", reason: "the repository is no longer stored" };
      if (repository.archived) return { status: "skipped", reason: ARCHIVED };
      const comment = await findComment(context.store.sql, repository.installationId, BigInt(commentId));
      if (!comment) return { status: "skipped", reason: "the comment was deleted" };
      if (comment.author === null || comment.isBot)
        return { status: "skipped", reason: "the app ignores commands of bots" };
      if (comment.isEdited)
        return { status: "skipped", reason: "the comment was edited; the app ignores commands in edited comments" };
      const parsed = parseCommand(comment.body, options.commands, await slugFor(comment, options));
      if (parsed.kind === "none") return { status: "skipped", reason: parsed.reason };
      const client = options.client(repository.installationId);
      const meant = parsed.kind === "command" ? parsed.command : parsed.meant;
      if (meant.unavailable) {
        const { settings } = await currentSettings(context, options.settings, client, repository);
        const reason = meant.unavailable(settings);
        if (reason !== null) return { status: "skipped", reason: `/${meant.name}: ${reason}` };
      }
      const above = await admitted(parsed, { repository, number, comment, author: comment.author }, client, context);
      if (above !== null) return { status: "skipped", reason: above };
      const { settings } = await currentSettings(context, options.settings, client, repository);
      const writer = effectsUnder(settings, context, repository.installationId);
      const given = { repository, number, comment, author: comment.author, settings, writer };
      await applyOptional(writer, eyesEffect(placeOf(given)), context);
      return parsed.kind === "mistyped"
        ? refuse(given, mistyped(parsed), null, context)
        : runCommand(options, parsed, given, context);
    },
  });
}

/** Read only for a mention; GitHub is asked once in the life of a process. */
async function slugFor({ body }: StoredComment, { login }: CommandOptions): Promise<string | null> {
  if (!login || !firstLine(body)?.startsWith("@")) return null;
  return (await login()).replace(/\[bot\]$/, "");
}

/** Limits for one hour. Each answer costs two writes, and anyone can comment on a public repository. */
const LIMITS: CommandLimits = { person: 10, writer: 60, number: 20, organisation: 60 };

const WHY: Readonly<Record<Exclude<AboveLimit, null>, string>> = {
  person: "the person reached the limit of commands per hour",
  number: `${LIMITS.number} commands were answered here within the last hour; only people with write access get further answers`,
  organisation: `${LIMITS.organisation} commands were answered in the organisation within the last hour; only people with write access get further answers`,
};

interface Asking {
  readonly repository: KnownRepository;
  readonly number: number;
  readonly comment: StoredComment;
  readonly author: string;
}

interface Given extends Asking {
  readonly settings: Settings;
  /** The conversation that gets the answers. */
  readonly writer: EffectWriter;
}

const placeOf = ({ repository: { ref: repository }, number: issue, comment }: Given) => ({
  repository,
  issue,
  commentId: comment.id,
});

/** Why the command is not executed; null: it is stored and answered. */
async function admitted(
  parsed: Exclude<ParsedCommand, { kind: "none" }>,
  { repository, number, comment, author }: Asking,
  client: GitHubClient,
  context: JobContext,
): Promise<string | null> {
  const { store, clock } = context;
  const command = {
    commentId: comment.id,
    installationId: repository.installationId,
    repositoryId: repository.ref.id,
    number,
    name: parsed.kind === "command" ? parsed.command.name : parsed.name,
    arguments: parsed.kind === "command" ? parsed.argument : "",
    by: author,
    now: clock.now(),
  };
  const admit = (writes: boolean) => store.transaction((sql) => admitCommand(sql, command, LIMITS, writes));
  let above = await admit(false);
  // Checked only when a shared limit is reached: strangers who use it up must not block people with write access.
  if (above !== null && above !== "person" && mayAct(await readRole(client, repository.ref, author), "write"))
    above = await admit(true);
  if (above === null) return null;
  await recordCommand(store.sql, command);
  await changeCommand(store.sql, comment.id, { status: "above-limit", reason: WHY[above], now: clock.now() });
  return WHY[above];
}

async function runCommand(
  { client, commands }: CommandOptions,
  { command, argument }: Extract<ParsedCommand, { kind: "command" }>,
  given: Given,
  context: JobContext,
): Promise<Outcome> {
  const { repository, number, comment, author } = given;
  const role = await readRole(client(repository.installationId), repository.ref, author);
  if (!mayAct(role, command.role)) return refuse(given, tooLittle(command, role), role, context);
  const wrong = comment.isPullRequest ? "issue" : "pull request";
  if (command.on === wrong) return refuse(given, `\`/${command.name}\` works only on a ${command.on}.`, role, context);
  const end = await command.run({
    context,
    installationId: repository.installationId,
    repository: repository.ref,
    number,
    isPullRequest: comment.isPullRequest,
    commentId: comment.id,
    by: author,
    role,
    shadow: given.settings.shadow,
    settings: given.settings,
    client: client(repository.installationId),
    argument,
    all: commands,
  });
  const now = context.clock.now();
  if (end.status === "later") {
    // Accepted before the job is planned: the run looks for accepted commands that wait for it.
    await changeCommand(context.store.sql, comment.id, { status: "accepted", role, reason: end.reason, now });
    await context.plan([end.job]);
    return { status: "done", reason: end.reason };
  }
  const note = await applyOptional(given.writer, answerEffect(placeOf(given), end.markdown), context);
  const reason = note ?? `answered ${author}`;
  await changeCommand(context.store.sql, comment.id, { status: "done", role, reason, now });
  return { status: "done", reason: `/${command.name}: ${reason}` };
}

async function refuse(given: Given, markdown: string, role: string | null, context: JobContext): Promise<Outcome> {
  await applyOptional(given.writer, answerEffect(placeOf(given), markdown), context);
  const change = { status: "refused", reason: markdown, now: context.clock.now() } as const;
  await changeCommand(context.store.sql, given.comment.id, role === null ? change : { ...change, role });
  return { status: "skipped", reason: `refused: ${markdown}` };
}

function tooLittle(command: Command, role: string): string {
  const yours = role === "none" ? "you have no role in this repository" : `yours is ${role}`;
  return `\`/${command.name}\` needs the role ${command.role} or more; ${yours}.`;
}

function mistyped({ name, meant }: Extract<ParsedCommand, { kind: "mistyped" }>): string {
  return `${codeSpan(`/${name}`)} is not a command; did you mean \`${meant.usage}\`? \`/help\` lists what you may use.`;
}
