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
import type { PositionOf } from "../settings/position.js";
import { type Section, sectionOf, type Settings } from "../settings/section.js";
import { findRepository, type KnownRepository } from "../store/repositories/find-repository.js";
import { permissionsOf } from "../store/reviews/permissions.js";
import { lastRunAt, type RunScope, unfinishedRun } from "../store/reviews/runs.js";
import type { Sql, Store } from "../store/store.js";
import { answerAsked, type Asked, askedFor } from "./asked.js";
import { carryOut, type DecidedRun, type RunEnd } from "./carry-out.js";
import type { Command } from "./commands/command.js";
import { readIfPossible, unreadableBy } from "./failures.js";
import { type Permissions, unreadable } from "./permissions.js";
import { addsNothing, recordDecision, recordSkip } from "./record.js";
import type { AgentServices, Parsers } from "./services.js";
import { currentSettings, lastSettings } from "./settings/current-settings.js";
import { type ReadSettings, readSettings, type SettingsSource } from "./settings/read-settings.js";

/**
 * The agent-run protocol. An agent names its subject, reads, and decides. This file and its folder do the rest, the
 * same for every agent and in this order:
 *
 * 1. known and archived repositories; 2. the unfinished run first; 3. requests by people, and the pause after a run;
 * 4. the installation's permissions; 5. `collect`, settings, `decide`; 6. the row `decided`, before any effect;
 * 7. `stillHolds`; 8. effects through the ledger, or none in shadow mode; 9. the end of the row; 10. answers.
 *
 * `docs/agents.md` explains how to add an agent.
 */
export interface Agent<P extends OfRepository, Subject, Own, D extends Decision = Decision> {
  /** As in `agent_runs.agent`, such as `code-review`. */
  readonly name: string;
  /** Its part of `.github/companyos.yml`. Two agents may share one. */
  readonly section: Section<Own>;
  /** The job that runs the agent, and its payload: ids only. */
  readonly job: string;
  readonly payload: z.ZodType<P>;
  /** The deliveries that trigger a run. */
  readonly triggers: readonly Trigger<P>[];
  /** The name of the trigger in texts that people read; default: the kind of the subject. */
  readonly occasion?: string;
  /** Commands that people can give in a comment. */
  readonly commands: readonly Command[];
  /** Permissions that reading needs. Without them the run ends and names them. */
  readonly reads: readonly string[];
  /**
   * The shortest time between the starts of two runs about one subject (ms), unless a person requests a run; default:
   * none.
   */
  pauseMs?(services: AgentServices): number;
  /** The subject of a job. */
  subject(payload: P): SubjectKey;
  /** Reads everything that the decision needs. An outcome or a deferral ends the job without a run. */
  collect(run: Run, payload: P): Promise<Collected<Subject> | Outcome | Deferral>;
  /** Decides from the collected data and the settings only. It has no side effects. */
  decide(subject: Subject, settings: Own): Promise<D>;
  /**
   * Why a stored decision is out of date; null: it is valid. Called before the first effect, and before a delayed
   * effect.
   */
  stillHolds(run: DecidedRun, store: Store): Promise<string | null>;
  /**
   * The effect as it should be written now, after the decisions of other runs about the same target. Default:
   * unchanged.
   */
  revise?(effect: Effect, run: DecidedRun, sql: Sql): Promise<Effect>;
  /** Writes the agent's own rows in the transaction that stores the decision. */
  record?(sql: Sql, made: Made<Subject, D>): Promise<void>;
  /** Writes the agent's own rows in the transaction that ends the run, and again when delayed effects are written. */
  ended?(sql: Sql, run: DecidedRun, end: RunEnd): Promise<void>;
  /** Problems of the agent's settings that the schema cannot find. */
  checkSettings?(own: Own, positionOf: PositionOf, services: Parsers): Promise<readonly SettingsProblem[]>;
  /** Further jobs of the agent. */
  readonly jobs?: readonly DefinedJob[];
}

export type SubjectType = "pull_request" | "issue" | "deployment" | "commit";

/** The subject of a run. Only one run about a subject is active at a time. */
export interface SubjectKey {
  /** As in `deliveries.subject`: `pull_request:12`, `issue:3`, `deployment:77`, `commit:<sha>`. */
  readonly name: `${SubjectType}:${number | string}`;
  /** The issue or pull request where people see the result and give commands; null: none. */
  readonly number: number | null;
}

/** The fields that the payload of every agent's job has. Extend it. */
export const ofRepository = z.object({
  repositoryId: id,
  /** A person requested this run: it skips the pause and repeats effects. */
  asked: z.boolean().default(false),
});
export type OfRepository = z.output<typeof ofRepository> & JobRequest["payload"];

/** A kind of delivery that triggers a run. */
export interface Trigger<P extends OfRepository> {
  readonly on: HandledEvent;
  /** The job's payload for this delivery; null: it triggers no run. */
  wanted(delivery: unknown): P | null;
}

/** Binds a trigger to the payload fields that it uses. A payload without these fields triggers no run. */
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

/** The tools of an agent while it collects. */
export interface Run {
  readonly context: JobContext;
  readonly services: AgentServices;
  readonly repository: KnownRepository;
  readonly scope: RunScope;
  readonly key: SubjectKey;
  readonly permissions: Permissions;
  readonly asked: Asked;
  /** The client of the installation; its requests are counted for the run's row. */
  readonly client: GitHubClient;
  /** The settings in force, read once. Pass the texts if the agent has already read them. */
  settings(texts?: ReviewContext["settings"]): Promise<ReadSettings>;
  /** Reads settings files that do not apply, such as the one in a pull request. */
  readonly source: SettingsSource;
}

/** `headSha`: the commit of the decision; null: none. */
export interface Collected<Subject> {
  readonly subject: Subject;
  readonly headSha: string | null;
}

/** A stored decision, for the agent's own rows. */
export interface Made<Subject, D extends Decision> {
  readonly run: bigint;
  readonly scope: RunScope;
  readonly number: number | null;
  readonly subject: Subject;
  readonly decision: D;
  readonly shadow: boolean;
  readonly now: Date;
}

/** An agent without its type parameters, as the registry holds it. */
export interface DefinedAgent {
  readonly name: string;
  readonly section: Section<unknown>;
  readonly commands: readonly Command[];
  checkSettings(settings: Settings, positionOf: PositionOf, services: Parsers): Promise<readonly SettingsProblem[]>;
  stillHolds(run: DecidedRun, store: Store): Promise<string | null>;
  revise(effect: Effect, run: DecidedRun, sql: Sql): Promise<Effect>;
  ended(sql: Sql, run: DecidedRun, end: RunEnd): Promise<void>;
  jobs(services: AgentServices, settings: SettingsSource): readonly DefinedJob[];
}

const ATTEMPTS = 8;

/** Hides an agent's types, so that different agents fit in one list without a cast. */
export function defineAgent<P extends OfRepository, S, C, D extends Decision>(agent: Agent<P, S, C, D>): DefinedAgent {
  return {
    name: agent.name,
    section: agent.section,
    commands: agent.commands,
    stillHolds: (run, store) => agent.stillHolds(run, store),
    revise: (effect, run, sql) => agent.revise?.(effect, run, sql) ?? Promise.resolve(effect),
    ended: (sql, run, end) => agent.ended?.(sql, run, end) ?? Promise.resolve(),
    checkSettings: async (settings, positionOf, services) =>
      agent.checkSettings?.(sectionOf(settings, agent.section), positionOf, services) ?? [],
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
    const outcome = await recordSkip(agent, { context, scope, key, asked, reason, id });
    const { settings: held } = await lastSettings(store, source, repository);
    const answers = effectsUnder(held, context, installationId);
    await answerAsked(asked, { repository: ref, issue: key.number }, reason, context, answers);
    return outcome;
  };
  if (missing !== null) return silence("not-permitted", missing);
  const { client, count } = counting(services.client(installationId));
  const settings = settingsOnce({ source, context, client, repository });
  const collecting = { context, services, repository, scope, key, permissions, asked, client, settings, source };
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
    // A delivery that outdated the run has planned the next one, but a sync plans none.
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
    const reading = () =>
      texts
        ? readSettings({ ...source, store: context.store, client, now: context.clock.now() }, repository, texts)
        : currentSettings(context, source, client, repository);
    read ??= readIfPossible(context, reading, () => lastSettings(context.store, source, repository));
    return read;
  };
}
