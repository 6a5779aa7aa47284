import { z } from "zod";
import type { Decision } from "../../agents/agent.js";
import { type GateFacts, gates } from "../../agents/deployment/gates.js";
import { heldLock } from "../../agents/deployment/held.js";
import { type Deploying, scopeKey } from "../../agents/deployment/lock.js";
import { againInMs, decideProtection, type ProtectedJob, verdictOf } from "../../agents/deployment/protection.js";
import { DEPLOYMENTS, type DeploymentSettings } from "../../agents/deployment/settings.js";
import { id } from "../../facts/scalars.js";
import { sectionOf } from "../../settings/section.js";
import { acquireLock, heldLocks } from "../../store/deployments/locks.js";
import { lastSaid, LONGEST_WAIT_MS, PROTECTION_AGENT } from "../../store/deployments/waiting.js";
import { mayCall } from "../permissions.js";
import { type Agent, defineAgent, ofRepository, type Run, trigger } from "../run.js";
import { gatherFacts, type Gathering, lockScopes } from "./gather.js";
import { endUnused, fenceProblem } from "./holds.js";
import { PROTECTION_JOB } from "./waiting.js";

const payload = ofRepository.extend({
  runId: id,
  environment: z.string(),
  sha: z.string(),
  /** The person who started the workflow. */
  login: z.string().nullable(),
  /** Whether a deployment started the workflow, for example one by this App. */
  executes: z.boolean(),
  /** Whether the job creates its own deployment, whose result will end the lock. */
  deploys: z.boolean(),
  requestedAt: z.number(),
});
type Payload = z.output<typeof payload>;

const RUN = /\/actions\/runs\/(\d{1,15})\/deployment_protection_rule$/;

const Delivery = z.object({
  action: z.string(),
  repository: z.object({ id }),
  environment: z.string(),
  event: z.string().optional(),
  sha: z.string().nullish(),
  deployment_callback_url: z.string(),
  deployment: z.object({ sha: z.string(), created_at: z.string() }).nullish(),
  sender: z.object({ login: z.string() }).nullish(),
});

const MINUTE_MS = 60_000;
/** How long an approval of a job without a deployment holds its environment. */
const BRIEF_MS = 2 * MINUTE_MS;

const protection: Agent<Payload, ProtectedJob, DeploymentSettings> = {
  name: PROTECTION_AGENT,
  section: DEPLOYMENTS,
  job: PROTECTION_JOB,
  occasion: "protection rule",
  payload,
  triggers: [
    trigger("deployment_protection_rule", Delivery, (delivery) => {
      const { action, repository, environment, event, deployment, sender } = delivery;
      const runId = RUN.exec(delivery.deployment_callback_url)?.[1];
      const sha = delivery.sha ?? deployment?.sha;
      if (action !== "requested" || runId === undefined || !sha) return null;
      return {
        repositoryId: repository.id,
        runId: Number(runId),
        environment,
        sha,
        login: sender?.login ?? null,
        executes: event === "deployment",
        deploys: Boolean(deployment),
        requestedAt: deployment ? Date.parse(deployment.created_at) : 0,
        asked: false,
      };
    }),
  ],
  commands: [],
  reads: ["deployments"],
  subject: ({ runId, environment }) => ({ name: `deployment:${runId}/${environment}`, number: null }),
  collect: (run, job) => collect(run, job),
  decide: (job, settings): Promise<Decision> => Promise.resolve(decideProtection(job, settings)),
  stillHolds: (run, store) => fenceProblem(run, store),
  ended: (sql, run, end) => endUnused(sql, run, end, (effect) => effect.kind === "deployment-review"),
};

/**
 * Answers the protection rule of an environment with the same gates as the commands, so that they apply to every
 * workflow.
 */
export const protectionAgent = defineAgent(protection);

async function collect(
  run: Run,
  job: Payload,
): ReturnType<Agent<Payload, ProtectedJob, DeploymentSettings>["collect"]> {
  const { context, repository, permissions } = run;
  const now = context.clock.now();
  const { settings } = await run.settings();
  const own = sectionOf(settings, DEPLOYMENTS);
  const { environment, sha, runId } = job;
  const given: Gathering = {
    store: context.store,
    sql: context.store.sql,
    client: run.client,
    repository,
    settings: own,
    now,
  };
  const call = "POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule";
  if (!mayCall(permissions, call))
    return { status: "skipped", reason: "the App lacks the permission deployments: write; an owner can accept it" };
  const login = await actorOf(given, job);
  const ours = (deploying: Deploying) => isOurs(job, deploying);
  const gathered = await gatherFacts(given, {
    environment,
    sha,
    login,
    movedTo: null,
    pull: null,
    missingPermission: null,
    ours,
  });
  const { facts, hold } =
    settings.shadow || !own.protect || gates(gathered, own).length > 0
      ? { facts: gathered, hold: null }
      : await reserve(given, { ...job, login }, gathered);
  const { state, said, refusals } = verdictOf(facts, own);
  if (state === null) {
    const waited = job.requestedAt === 0 ? 0 : now.getTime() - job.requestedAt;
    if (waited < LONGEST_WAIT_MS && own.protect)
      await context.plan([
        { name: PROTECTION_JOB, payload: { ...job, asked: false }, delayMs: againInMs(refusals, now) },
      ]);
    if ((await lastSaid(context.store.sql, run.scope)) === said)
      return { status: "skipped", reason: `as before: ${said}` };
  }
  return { subject: { repository: repository.ref, runId, environment, facts, hold }, headSha: sha };
}

/** The executor of the App's own deployment passes its lock, and so does the job that took one. */
function isOurs({ runId, sha, executes }: Payload, deploying: Deploying): boolean {
  return deploying.commentId === holderId(runId) || (executes && deploying.commentId > 0n && deploying.sha === sha);
}

/** The person who deploys: for the App's own deployment the author of the command, not the App. */
async function actorOf({ sql, repository, now }: Gathering, job: Payload): Promise<string | null> {
  const scope = { of: "environment", repositoryId: repository.ref.id, name: job.environment } as const;
  const [lock] = (await heldLocks(sql, repository.installationId, [scope], now)).values();
  return job.executes && lock?.deploying && isOurs(job, lock.deploying) ? lock.holder : job.login;
}

/** A workflow run in the field for a comment's id: negative, so that it never equals one. */
function holderId(runId: number): bigint {
  return -BigInt(runId);
}

/** Takes the environment's lock, so that no other deployment gets it between the decision and the answer. */
async function reserve(
  given: Gathering,
  job: Payload,
  facts: GateFacts,
): Promise<{ readonly facts: GateFacts; readonly hold: ProtectedJob["hold"] }> {
  const { sql, repository, settings, now } = given;
  const { installationId, ref } = repository;
  const [scope, ...unless] = lockScopes(repository, settings, job.environment, []);
  const held = (await heldLocks(sql, installationId, [scope], now)).get(scopeKey(scope));
  if (held?.deploying && isOurs(job, held.deploying))
    return { facts, hold: { commentId: held.deploying.commentId, fence: held.fence } };
  const until = new Date(now.getTime() + (job.deploys ? settings.deployMinutes * MINUTE_MS : BRIEF_MS));
  const commentId = holderId(job.runId);
  const taken = await acquireLock(
    given.store,
    { installationId, repository: ref, scope, unless },
    {
      kind: "deployment",
      holder: job.login ?? "",
      reason: `workflow run ${job.runId}`,
      commentId,
      expiresAt: until,
      deploying: { commentId, sha: job.sha, until },
      from: null,
    },
    now,
  );
  if (taken.taken) return { facts, hold: { commentId, fence: taken.lock.fence } };
  const lock = heldLock(taken.scope, taken.by, { login: job.login, ours: () => false });
  return { facts: { ...facts, locks: [...facts.locks, { ...lock, own: false }] }, hold: null };
}
