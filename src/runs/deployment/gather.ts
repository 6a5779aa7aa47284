import type { GateFacts, HeldLock, Origin } from "../../agents/deployment/gates.js";
import { heldLock, type LockViewer } from "../../agents/deployment/held.js";
import { type LockScope, scopeKey } from "../../agents/deployment/lock.js";
import { type DeploymentSettings, environmentOf } from "../../agents/deployment/settings.js";
import { resultOf, running } from "../../agents/deployment/state.js";
import { mayAct, type Role } from "../../domain.js";
import type { GitHubClient } from "../../github/client.js";
import { comparedCommits } from "../../github/deployments/compared.js";
import { readChecks, requiredChecks } from "../../github/deployments/checks.js";
import { readRole } from "../../github/review/role.js";
import { approversOf, deploymentsOf, pullNumbered, pullsEndingIn, wasPushed } from "../../store/deployments/history.js";
import { heldLocks } from "../../store/deployments/locks.js";
import type { KnownRepository } from "../../store/repositories/find-repository.js";
import type { Sql, Store } from "../../store/store.js";

export interface Gathering {
  readonly store: Store;
  readonly sql: Sql;
  readonly client: GitHubClient;
  readonly repository: KnownRepository;
  readonly settings: DeploymentSettings;
  readonly now: Date;
}

export interface GateQuestion {
  readonly environment: string;
  readonly sha: string;
  readonly login: string | null;
  /** Known already; left out: GitHub is asked. */
  readonly role?: Role;
  readonly movedTo: string | null;
  /** The pull request of the command. */
  readonly pull: number | null;
  readonly missingPermission: string | null;
  ours: LockViewer["ours"];
}

const MOST_APPROVERS = 20;
const HISTORY = 50;

/** Reads everything that the gates of one deployment judge by, and no more than its environment calls for. */
export async function gatherFacts(given: Gathering, question: GateQuestion): Promise<GateFacts> {
  const { sql, client, repository, settings, now } = given;
  const { environment, sha, login } = question;
  const { ref, installationId } = repository;
  const scope = { installationId, repositoryId: ref.id };
  const own = environmentOf(settings, environment);
  const pulls = await pullsEndingIn(sql, scope, [sha]);
  const numbers = [
    ...new Set([...pulls.map(({ number }) => number), ...(question.pull === null ? [] : [question.pull])]),
  ];
  const role = login === null ? null : (question.role ?? (await readRole(client, ref, login)));
  const needsChecks = own !== null && (own.checks === null || own.checks.length > 0);
  const required = own?.checks ?? (needsChecks ? await requiredChecks(client, repository) : []);
  return {
    environment,
    sha,
    now,
    missingPermission: question.missingPermission,
    movedTo: question.movedTo,
    actor: login === null || role === null ? null : { login, role },
    origin: own === null ? "unknown" : await originOf(given, question, pulls),
    required,
    checks: required !== null && required.length > 0 ? await readChecks(client, ref, sha) : [],
    approvedBy: own === null || own.approvals === 0 ? [] : await approvedBy(given, pulls, own.approvals),
    earlier: own === null || own.after === null ? null : await earlier(given, own.after),
    commits: own === null || own.maxCommits === null ? null : await commitsBrought(given, environment, sha),
    locks: await locksFor(given, environment, numbers, { login, ours: question.ours }),
  };
}

/** The locks that concern a deployment to an environment. */
export async function locksFor(
  { sql, repository, settings, now }: Pick<Gathering, "sql" | "repository" | "settings" | "now">,
  environment: string,
  pulls: readonly number[],
  viewer: LockViewer,
): Promise<readonly HeldLock[]> {
  const scopes = lockScopes(repository, settings, environment, pulls);
  const held = await heldLocks(sql, repository.installationId, scopes, now);
  return scopes.flatMap((scope) => {
    const lock = held.get(scopeKey(scope));
    return lock === undefined ? [] : [heldLock(scope, lock, viewer)];
  });
}

/** The environment's own lock first. */
export function lockScopes(
  { ref: { id: repositoryId } }: Pick<KnownRepository, "ref">,
  { service }: DeploymentSettings,
  environment: string,
  pulls: readonly number[],
): readonly [LockScope, ...LockScope[]] {
  return [
    { of: "environment", repositoryId, name: environment },
    { of: "freeze", repositoryId },
    ...(service === null ? [] : [{ of: "service", name: service } as const]),
    ...pulls.map((number) => ({ of: "pull_request", repositoryId, number }) as const),
  ];
}

type Pulls = Awaited<ReturnType<typeof pullsEndingIn>>;

async function originOf(
  { sql, client, repository }: Gathering,
  { sha, pull: number }: GateQuestion,
  pulls: Pulls,
): Promise<Origin> {
  const { ref, installationId, defaultBranch } = repository;
  const contains = async (head: string) => {
    const compared = await comparedCommits(client, ref, head, sha);
    return compared?.status === "behind" || compared?.status === "identical";
  };
  if (await wasPushed(sql, { installationId, repositoryId: ref.id }, sha)) return "branch";
  if (pulls.some((pull) => pull.headSha === sha && pull.headRepositoryId === ref.id)) return "branch";
  if (defaultBranch !== null && (await contains(defaultBranch))) return "default-branch";
  const asked = number === null ? null : await pullNumbered(sql, { installationId, repositoryId: ref.id }, number);
  if (asked?.headRepositoryId === ref.id && (await contains(asked.headSha))) return "branch";
  return pulls.some((pull) => pull.headSha === sha && pull.headRepositoryId !== ref.id) ? "fork" : "unknown";
}

async function approvedBy({ sql, client, repository }: Gathering, pulls: Pulls, needed: number) {
  const { ref, installationId } = repository;
  const found = new Set<string>();
  let asked = 0;
  for (const pull of pulls)
    for (const login of await approversOf(sql, { installationId, repositoryId: ref.id }, pull)) {
      if (found.size >= needed || asked >= MOST_APPROVERS) break;
      asked += 1;
      if (mayAct(await readRole(client, ref, login), "write")) found.add(login.toLowerCase());
    }
  return [...found];
}

async function earlier({ sql, repository }: Gathering, environment: string): Promise<GateFacts["earlier"]> {
  const scope = { installationId: repository.installationId, repositoryId: repository.ref.id };
  const [newest] = await deploymentsOf(sql, scope, environment, 1);
  if (newest === undefined) return null;
  const { state, at } = resultOf(newest);
  return { sha: newest.sha, since: state === "succeeded" ? at : null };
}

async function commitsBrought({ sql, client, repository }: Gathering, environment: string, sha: string) {
  const { ref, installationId } = repository;
  const now = running(await deploymentsOf(sql, { installationId, repositoryId: ref.id }, environment, HISTORY));
  if (now === null || now.sha === sha) return 0;
  return (await comparedCommits(client, ref, now.sha, sha))?.total ?? null;
}
