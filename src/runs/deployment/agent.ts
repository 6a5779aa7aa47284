import { z } from "zod";
import type { Decision } from "../../agents/agent.js";
import { decideDeploy, type DeployRequest, type DeploySubject, refusalsOf } from "../../agents/deployment/decide.js";
import { heldLock } from "../../agents/deployment/held.js";
import { parseDeploy } from "../../agents/deployment/parse.js";
import { unknownCommit, unknownEnvironment } from "../../agents/deployment/refusal.js";
import {
  DEPLOYMENTS,
  type DeploymentSettings,
  environmentOf,
  orderProblems,
} from "../../agents/deployment/settings.js";
import { before } from "../../agents/deployment/state.js";
import { sectionOf } from "../../settings/section.js";
import { deploymentsOf } from "../../store/deployments/history.js";
import { acquireLock } from "../../store/deployments/locks.js";
import type { AskedCommand } from "../../store/reviews/commands.js";
import { recordAct } from "../../store/people/audit.js";
import { mayCall } from "../permissions.js";
import { type Agent, defineAgent, ofRepository, type Run } from "../run.js";
import { DEPLOY_JOB, deployCommand, rollbackCommand } from "./commands.js";
import { gatherFacts, type Gathering, lockScopes } from "./gather.js";
import { endUnused, fenceProblem } from "./holds.js";
import { freezeCommand, lockCommand, unlockCommand } from "./lock-commands.js";
import { deploysCommand, whyCommand } from "./read-commands.js";
import { resolveTarget, type Target } from "./target.js";

const payload = ofRepository.extend({ number: z.int().positive(), isPullRequest: z.boolean() });
type Payload = z.output<typeof payload>;

const MINUTE_MS = 60_000;
const HISTORY = 100;

const deployment: Agent<Payload, DeploySubject, DeploymentSettings> = {
  name: "deployment",
  section: DEPLOYMENTS,
  job: DEPLOY_JOB,
  payload,
  triggers: [],
  commands: [deployCommand, rollbackCommand, lockCommand, unlockCommand, freezeCommand, deploysCommand, whyCommand],
  reads: ["contents", "deployments"],
  subject: ({ number, isPullRequest }) => ({ name: `${isPullRequest ? "pull_request" : "issue"}:${number}`, number }),
  async collect(run, { number, isPullRequest }) {
    const { settings } = await run.settings();
    const own = sectionOf(settings, DEPLOYMENTS);
    const requests: DeployRequest[] = [];
    // One after the other: the second command sees the lock that the first one took.
    for (const command of run.asked.commands)
      requests.push(await requestOf(run, { command, number, isPullRequest, own, shadow: settings.shadow }));
    return { subject: { repository: run.repository.ref, requests }, headSha: requests[0]?.facts?.sha ?? null };
  },
  decide: (subject, settings): Promise<Decision> => Promise.resolve(decideDeploy(subject, settings)),
  stillHolds: (run, store) => fenceProblem(run, store),
  async record(sql, { subject, scope, now, shadow, decision }) {
    if (shadow || decision.effects.length === 0) return;
    for (const { by, override, facts } of subject.requests) {
      if (override === null || facts === null) continue;
      const { installationId } = scope;
      const target = `${subject.repository.owner}/${subject.repository.name} ${facts.environment}`;
      const detail = { reason: override, sha: facts.sha };
      await recordAct(
        sql,
        { installationId, userId: null, login: by, via: "github", action: "deployment.override", target, detail },
        now,
      );
    }
  },
  ended: (sql, run, end) =>
    endUnused(
      sql,
      run,
      end,
      (effect, { commentId }) => effect.kind === "deployment" && effect.occasion === `command ${commentId}`,
    ),
  checkSettings: (own, positionOf) =>
    Promise.resolve(
      orderProblems(own).map(({ environment, problem }) => ({
        ...positionOf(["deployments", "environments", environment, "after"]),
        setting: `deployments.environments.${environment}.after`,
        problem,
      })),
    ),
};

/** Deploys on command, behind the gates and never without the environment's lock. */
export const deploymentAgent = defineAgent(deployment);

interface Asking {
  readonly command: AskedCommand;
  readonly number: number;
  readonly isPullRequest: boolean;
  readonly own: DeploymentSettings;
  readonly shadow: boolean;
}

/** One command with its facts. If every gate is open it takes the lock, which blocks other deployments from here on. */
async function requestOf(run: Run, asking: Asking): Promise<DeployRequest> {
  const { command, own, shadow } = asking;
  const { commentId, by } = command;
  const verb = command.name === "rollback" ? "rollback" : "deploy";
  const wish = parseDeploy(command.arguments);
  const base = {
    commentId,
    by,
    verb,
    noop: false,
    override: null,
    facts: null,
    refusals: [],
    misuse: null,
    fence: null,
  } as const;
  if (typeof wish === "string") return { ...base, misuse: wish };
  const { environment, noop, override } = wish;
  const asked = { ...base, noop, override };
  if (environmentOf(own, environment) === null) return { ...asked, refusals: [unknownEnvironment(environment, own)] };
  const given: Gathering = {
    store: run.context.store,
    sql: run.context.store.sql,
    client: run.client,
    repository: run.repository,
    settings: own,
    now: run.context.clock.now(),
  };
  const target =
    verb === "rollback" && wish.commit === null
      ? await commitBefore(given, environment)
      : await targetOf(run, asking, wish.commit);
  if ("code" in target) return { ...asked, refusals: [target] };
  const missingPermission = mayCall(run.permissions, "POST /repos/{owner}/{repo}/deployments")
    ? null
    : "deployments: write";
  const ours = (deploying: { readonly commentId: bigint }) => deploying.commentId === commentId;
  const facts = await gatherFacts(given, { environment, login: by, missingPermission, ours, ...target });
  const request = { ...asked, facts };
  if (noop || shadow || refusalsOf(request, own).refusals.length > 0) return request;
  const [scope, ...unless] = lockScopes(run.repository, own, environment, target.pull === null ? [] : [target.pull]);
  const until = new Date(given.now.getTime() + own.deployMinutes * MINUTE_MS);
  const taken = await acquireLock(
    run.context.store,
    {
      installationId: run.repository.installationId,
      repository: run.repository.ref,
      scope,
      unless: override === null ? unless : unless.filter(({ of }) => of !== "freeze"),
    },
    {
      kind: "deployment",
      holder: by,
      reason: `${verb} of ${target.sha.slice(0, 7)}`,
      commentId,
      expiresAt: until,
      deploying: { commentId, sha: target.sha, until },
      from: null,
    },
    given.now,
  );
  if (taken.taken) return { ...request, fence: taken.lock.fence };
  const held = heldLock(taken.scope, taken.by, { login: by, ours });
  return { ...request, facts: { ...facts, locks: [...facts.locks, { ...held, own: false }] } };
}

function targetOf(
  { context, client, repository }: Run,
  { command, number, isPullRequest }: Asking,
  commit: string | null,
) {
  const wish = { repository, number, isPullRequest, commentId: command.commentId, commit };
  return resolveTarget(wish, { sql: context.store.sql, client, github: () => context.github() });
}

async function commitBefore(
  { sql, repository }: Gathering,
  environment: string,
): Promise<Target | ReturnType<typeof unknownCommit>> {
  const scope = { installationId: repository.installationId, repositoryId: repository.ref.id };
  const last = before(await deploymentsOf(sql, scope, environment, HISTORY));
  if (last === null) return unknownCommit(`No earlier commit ran in ${environment}`);
  return { sha: last.sha, pull: null, movedTo: null };
}
