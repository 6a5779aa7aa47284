import { z } from "zod";
import type { Decision } from "../agents/agent.js";
import { ARCHIVED, type Deferral, type HandledEvent, type JobRequest, type Outcome } from "../domain.js";
import type { Effect } from "../effects/effect.js";
import { id } from "../facts/scalars.js";
import type { GitHubClient } from "../github/client.js";
import { counting } from "../github/review/counting-client.js";
import { type DefinedJob, defineJob } from "../jobs/define-job.js";
import type { JobContext } from "../jobs/job.js";
import { effectsUnder } from "../jobs/shadow.js";
import type { ReviewContext } from "../github/review/context.js";
import type { SettingsProblem } from "../settings/parse.js";
import { type Section, sectionOf, type Settings } from "../settings/section.js";
import { findRepository, type KnownRepository } from "../store/repositories/find-repository.js";
import { permissionsOf } from "../store/reviews/permissions.js";
import { lastRunAt, type RunScope, unfinishedRun } from "../store/reviews/runs.js";
import type { Sql, Store } from "../store/store.js";
import { answerAsked, type Asked, askedFor } from "./asked.js";
import { carryOut, type DecidedRun, type RunEnd } from "./carry-out.js";
import type { Command } from "./commands/command.js";
import { unreadableBy } from "./failures.js";
import { type Permissions, unreadable } from "./permissions.js";
import { addsNothing, recordDecision, recordSilence } from "./record.js";
import type { AgentServices } from "./services.js";
import { currentSettings, lastSettings } from "./settings/current-settings.js";
import { type ReadSettings, readSettings, type SettingsSource } from "./settings/read-settings.js";

/**
 * The agent-run protocol. An agent says what it is about, reads, and decides; this file and its folder do the rest, the
 * same for every agent and in this order:
 *
 * 1. known and archived repositories; 2. the unfinished run first; 3. who asked, and the pause after the last run;
 * 4. what the installation permits; 5. `collect`, settings, `decide`; 6. the row `decided`, before any deed;
 * 7. `stillHolds`; 8. effects through the ledger, or none in shadow mode; 9. the end of the row; 10. answers.
 *
 * `docs/agents.md` adds one in a page.
 */
export interface Agent<P extends OfRepository, Subject, Own, D extends Decision = Decision> {
  /** As in `agent_runs.agent`, such as `code-review`. */
  readonly name: string;
  /** Its part of `.github/companyos.yml`. Two agents may share one. */
  readonly section: Section<Own>;
  /** The job that runs it, and what its row says: ids only. */
  readonly job: string;
  readonly payload: z.ZodType<P>;
  /** The deliveries that call for a run. */
  readonly triggers: readonly Trigger<P>[];
  /** What a delivery means to it, where people read what a run was for; left out: the kind of its subject. */
  readonly occasion?: string;
  /** What people can ask of it in a comment. */
  readonly commands: readonly Command[];
  /** Permissions without which it can read nothing: the run ends then and names them. */
  readonly reads: readonly string[];
  /** How long after one run about a subject began the next may begin (ms), unless somebody asks; left out: at once. */
  pauseMs?(services: AgentServices): number;
  /** What a job is about. */
  subject(payload: P): SubjectKey;
  /** Reads all that the decision needs. An outcome or a deferral instead ends the job without a run. */
  collect(run: Run, payload: P): Promise<Collected<Subject> | Outcome | Deferral>;
  /** Decides by what was collected, and by nothing else. Never acts. */
  decide(subject: Subject, settings: Own): Promise<D>;
  /** Why a stored decision is out of date; null: it holds. Asked before the first deed, and before a deed that waited. */
  stillHolds(run: DecidedRun, store: Store): Promise<string | null>;
  /**
   * An effect as it is to be written, by the rows as they are when its turn comes: what other runs decided about the same
   * target. Left out: as it was decided.
   */
  revise?(effect: Effect, run: DecidedRun, sql: Sql): Promise<Effect>;
  /** Keeps rows of its own in the transaction that writes the decision down. */
  record?(sql: Sql, made: Made<Subject, D>): Promise<void>;
  /** Keeps rows of its own in the transaction that ends the run; again when effects that had waited are written later. */
  ended?(sql: Sql, run: DecidedRun, end: RunEnd): Promise<void>;
  /** Problems of its settings that the schema cannot find. */
  checkSettings?(own: Own, lineOf: LineOf, services: AgentServices): Promise<readonly SettingsProblem[]>;
  /** Jobs that it needs beside its own. */
  readonly jobs?: readonly DefinedJob[];
}

export type SubjectType = "pull_request" | "issue" | "deployment" | "commit";

/** What a run is about. At most one run about it is under way. */
export interface SubjectKey {
  /** As in `deliveries.subject`: `pull_request:12`, `issue:3`, `deployment:77`, `commit:<sha>`. */
  readonly name: `${SubjectType}:${number | string}`;
  /** The issue or pull request where people see it and give commands; null: none. */
  readonly number: number | null;
}

/** What the payload of every agent's job has: extend it. */
export const ofRepository = z.object({
  repositoryId: id,
  /** Somebody asked for this very run: it does not wait, and what was done is done again. */
  asked: z.boolean().default(false),
});
export type OfRepository = z.output<typeof ofRepository> & JobRequest["payload"];

/** A delivery that calls for a run: what the agent reads of its payload, and the job it makes of it; null: none. */
export interface Trigger<P extends OfRepository> {
  readonly on: HandledEvent;
  /** Null: this delivery calls for nothing. */
  wanted(delivery: unknown): P | null;
}

/** Binds a trigger to the fields of the payload that it uses. A payload without them calls for nothing. */
export function trigger<T, P extends OfRepository>(
  on: HandledEvent,
  delivery: z.ZodType<T>,
  wanted: (delivery: T) => P | null,
): Trigger<P> {
  return {
    on,
    wanted(payload) {
      const parsed = delivery.safeParse(payload);
      return parsed.success ? wanted(parsed.data) : null;
    },
  };
}

type LineOf = (path: readonly PropertyKey[]) => number;

/** What an agent may use while it collects. */
export interface Run {
  readonly context: JobContext;
  readonly services: AgentServices;
  readonly repository: KnownRepository;
  readonly scope: RunScope;
  readonly key: SubjectKey;
  readonly permissions: Permissions;
  readonly asked: Asked;
  /** Calls of the installation, counted for the row of the run. */
  readonly client: GitHubClient;
  /** The settings that hold, read once; from these texts where the agent has read them with other things. */
  settings(texts?: ReviewContext["settings"]): Promise<ReadSettings>;
}

/** `headSha`: the commit that the decision is about; null: none. */
export interface Collected<Subject> {
  readonly subject: Subject;
  readonly headSha: string | null;
}

/** A decision as it is written down, for an agent's own rows. */
export interface Made<Subject, D extends Decision> {
  readonly run: bigint;
  readonly scope: RunScope;
  readonly number: number | null;
  readonly subject: Subject;
  readonly decision: D;
  readonly shadow: boolean;
  readonly now: Date;
}

/** An agent whose types are its own affair: what the registry holds. */
export interface DefinedAgent {
  readonly name: string;
  readonly section: Section<unknown>;
  readonly commands: readonly Command[];
  checkSettings(settings: Settings, lineOf: LineOf, services: AgentServices): Promise<readonly SettingsProblem[]>;
  stillHolds(run: DecidedRun, store: Store): Promise<string | null>;
  revise(effect: Effect, run: DecidedRun, sql: Sql): Promise<Effect>;
  ended(sql: Sql, run: DecidedRun, end: RunEnd): Promise<void>;
  jobs(services: AgentServices, settings: SettingsSource): readonly DefinedJob[];
}

const ATTEMPTS = 8;

/** Keeps an agent's types inside, so that different agents go in one list without a cast. */
export function defineAgent<P extends OfRepository, S, C, D extends Decision>(agent: Agent<P, S, C, D>): DefinedAgent {
  return {
    name: agent.name,
    section: agent.section,
    commands: agent.commands,
    stillHolds: (run, store) => agent.stillHolds(run, store),
    revise: (effect, run, sql) => agent.revise?.(effect, run, sql) ?? Promise.resolve(effect),
    ended: (sql, run, end) => agent.ended?.(sql, run, end) ?? Promise.resolve(),
    checkSettings: async (settings, lineOf, services) =>
      agent.checkSettings?.(sectionOf(settings, agent.section), lineOf, services) ?? [],
    jobs: (services, settings) => [
      {
        ...defineJob<P>({
          name: agent.job,
          queue: "agents",
          payload: agent.payload,
          attempts: ATTEMPTS,
          key: (payload) => `${payload.repositoryId}/${agent.subject(payload).name}`,
          run: (payload, context) => run(agent, { services, settings }, payload, context),
        }),
        triggered: (event, payload) => triggered(agent, event, payload),
      },
      ...(agent.jobs ?? []),
    ],
  };
}

function triggered<P extends OfRepository, S, C, D extends Decision>(
  { job: name, triggers }: Agent<P, S, C, D>,
  event: string,
  delivery: unknown,
): readonly JobRequest[] {
  const wanted = triggers.filter(({ on }) => on === event).map((each) => each.wanted(delivery));
  return wanted.flatMap((payload) => (payload === null ? [] : [{ name, payload }]));
}

interface Given {
  readonly services: AgentServices;
  readonly settings: SettingsSource;
}

/** One run, from its job to its end. */
async function run<P extends OfRepository, S, C, D extends Decision>(
  agent: Agent<P, S, C, D>,
  { services, settings: source }: Given,
  payload: P,
  context: JobContext,
): Promise<Outcome | Deferral> {
  const { store, clock } = context;
  const began = clock.now();
  const repository = await findRepository(store.sql, payload.repositoryId);
  if (!repository) return { status: "skipped", reason: "the repository is not stored" };
  if (repository.archived) return { status: "skipped", reason: ARCHIVED };
  const { installationId, ref } = repository;
  const key = agent.subject(payload);
  const scope = { installationId, repositoryId: ref.id, agent: agent.name, subject: key.name };
  const unfinished = await unfinishedRun(store.sql, scope);
  const resumed = unfinished && (await carryOut(agent, unfinished, context));
  const asked = await askedFor(store.sql, { ...scope, number: key.number }, agent.commands, payload.asked);
  const pause = asked.asked ? null : await pauseUntil(scope, agent.pauseMs?.(services) ?? 0, context);
  if (pause) return pause;
  const permissions = await permissionsOf(store.sql, installationId);
  const missing = unreadable(permissions, agent.reads);
  const silence = async (id: string, reason: string): Promise<Outcome> => {
    const outcome = await recordSilence(agent, { context, scope, key, asked, reason, id });
    const { settings: held } = await lastSettings(store, source, repository);
    const answers = effectsUnder(held, context, installationId);
    await answerAsked(asked, { repository: ref, issue: key.number }, reason, context, answers);
    return outcome;
  };
  if (missing !== null) return silence("not-permitted", missing);
  const { client, count } = counting(services.client(installationId));
  const settings = settingsOnce({ source, context, client, repository });
  const collecting = { context, services, repository, scope, key, permissions, asked, client, settings };
  const collected = await agent.collect(collecting, payload).catch((error: unknown) => unreadableBy(error, context));
  if ("status" in collected) return collected;
  if ("id" in collected) return silence(collected.id, collected.reason);
  const read = await settings();
  const decision = await agent.decide(collected.subject, sectionOf(read.settings, agent.section));
  context.signal.throwIfAborted();
  const durationMs = clock.now().getTime() - began.getTime();
  const made = { ...collected, decision, asked, permissions, requests: count(), durationMs };
  const recording = { context, scope, key, read, ...made };
  const answer = (reason: string) => {
    const writer = effectsUnder(read.settings, context, installationId);
    return answerAsked(asked, { repository: ref, issue: key.number }, reason, context, writer);
  };
  if (unfinished && resumed?.status === "done" && addsNothing(unfinished, recording)) {
    await answer(resumed.reason);
    return { status: "done", reason: resumed.reason };
  }
  const decided = await recordDecision(agent, recording);
  const carried = await carryOut(agent, decided, context);
  if (carried.status === "abandoned") {
    // The delivery that made it out of date has planned the next run; a sync that did has not.
    await context.plan([{ name: agent.job, payload: { ...payload, asked: false } }]);
    return { status: "skipped", reason: carried.reason };
  }
  await answer(carried.reason);
  return { status: (decision.skipped ?? null) === null ? "done" : "skipped", reason: carried.reason };
}

async function pauseUntil(scope: RunScope, pauseMs: number, { store, clock }: JobContext): Promise<Deferral | null> {
  const last = pauseMs === 0 ? null : await lastRunAt(store.sql, scope);
  const at = new Date((last?.getTime() ?? 0) + pauseMs);
  if (last === null || at <= clock.now()) return null;
  return { status: "later", at, reason: "the last run began a moment ago; one run covers all changes until then" };
}

function settingsOnce(given: {
  readonly source: SettingsSource;
  readonly context: JobContext;
  readonly client: GitHubClient;
  readonly repository: KnownRepository;
}): Run["settings"] {
  const { source, context, client, repository } = given;
  let read: Promise<ReadSettings> | null = null;
  return (texts) => {
    read ??= texts
      ? readSettings({ ...source, store: context.store, client, now: context.clock.now() }, repository, texts)
      : currentSettings(context, source, client, repository);
    return read;
  };
}
