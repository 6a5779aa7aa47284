import { mayAct, type Role } from "../../domain.js";
import { holds, nextChange } from "./calendar.js";
import { minute, type Refusal, REASONS, refusal, unknownEnvironment } from "./refusal.js";
import { type DeploymentSettings, environmentOf, type EnvironmentSettings, type Freeze } from "./settings.js";

export interface CheckState {
  readonly name: string;
  readonly state: "passed" | "failed" | "pending";
}

/** A lock that concerns the deployment, as its row has it. */
export interface HeldLock {
  /** Its name for people: `production`, `the service shop`, `#12`, `the repository`. */
  readonly of: string;
  readonly kind: "manual" | "deployment" | "freeze";
  readonly holder: string;
  readonly reason: string | null;
  /** Null: it stays until it is released. */
  readonly until: Date | null;
  /** Whether this very deployment, or the person who requests it, holds it. */
  readonly own: boolean;
  /** The command that releases it. */
  readonly release: string;
}

/** Where a commit is known to come from; `unknown`: it could not be shown to be on a branch of the repository. */
export type Origin = "default-branch" | "branch" | "fork" | "unknown";

/** The newest deployment of an environment; null `since`: it did not succeed. */
export interface Active {
  readonly sha: string;
  readonly since: Date | null;
}

/** Everything that the gates judge by, collected before. Null: it is not known, and unknown refuses. */
export interface GateFacts {
  readonly environment: string;
  readonly sha: string;
  readonly now: Date;
  /** The permission that the App lacks; null: none. */
  readonly missingPermission: string | null;
  readonly actor: { readonly login: string; readonly role: Role } | null;
  readonly origin: Origin;
  /** Of the commit. */
  readonly checks: readonly CheckState[] | null;
  /** Names of the checks that the default branch's rules require. */
  readonly required: readonly string[] | null;
  /** People who may write and approved this very commit. */
  readonly approvedBy: readonly string[] | null;
  /** Of the environment that comes before; null: nothing was ever deployed there. */
  readonly earlier: Active | null;
  /** How many commits the deployment brings. */
  readonly commits: number | null;
  readonly locks: readonly HeldLock[];
  /** The head that came after the command; null: it is the same. */
  readonly movedTo: string | null;
}

/**
 * The one function that decides whether a deployment may begin: for commands, for the protection rule and for `/why`.
 * No refusals: it may.
 */
export function gates(facts: GateFacts, settings: DeploymentSettings): readonly Refusal[] {
  const environment = environmentOf(settings, facts.environment);
  if (environment === null) return [unknownEnvironment(facts.environment, settings)];
  const refusals = [
    permission(facts),
    role(facts, environment),
    headMoved(facts),
    ...origin(facts, environment),
    ...checks(facts, environment),
    approvals(facts, environment),
    ...order(facts, environment),
    size(facts, environment),
    ...frozen(facts.environment, facts.now, settings.freezes),
    ...locked(facts.locks),
  ];
  return refusals.filter((refusal) => refusal !== null);
}

/** The refusals that remain when an admin overrides the others. */
export function withoutWaived(refusals: readonly Refusal[]): readonly Refusal[] {
  return refusals.filter(({ code }) => !REASONS[code].waivable);
}

function permission({ missingPermission }: GateFacts): Refusal | null {
  if (missingPermission === null) return null;
  return refusal(
    "not-permitted",
    `The App lacks the permission ${missingPermission}.`,
    "an owner, in the installation's settings",
  );
}

function role({ actor }: GateFacts, { role: needed }: EnvironmentSettings): Refusal | null {
  const clearedBy = `a person with the role ${needed} or more`;
  if (actor === null) return refusal("role", "It is not known who asks for the deployment.", clearedBy);
  if (mayAct(actor.role, needed)) return null;
  const has = actor.role === "none" ? "has none" : `has ${actor.role}`;
  return refusal("role", `The deployment needs the role ${needed}; ${actor.login} ${has}.`, clearedBy);
}

function headMoved({ movedTo }: GateFacts): Refusal | null {
  if (movedTo === null) return null;
  const sentence = `The branch moved to ${short(movedTo)} after the command was written.`;
  return refusal("head-moved", sentence, "the author of the command, by repeating it");
}

function origin({ origin: from, sha }: GateFacts, { forks }: EnvironmentSettings): readonly Refusal[] {
  if (from === "default-branch" || from === "branch") return [];
  if (from === "fork" && forks) return [];
  const clearedBy = "people who can push the commit to a branch of the repository";
  if (from === "fork") return [refusal("fork-commit", `The commit ${short(sha)} belongs to a fork.`, clearedBy)];
  return [
    refusal("unknown-origin", `The commit ${short(sha)} was not found on a branch of the repository.`, clearedBy),
  ];
}

function checks(facts: GateFacts, { checks: named }: EnvironmentSettings): readonly Refusal[] {
  const required = named ?? facts.required;
  const rerun = "people who can re-run the checks of the commit";
  if (required === null)
    return [
      refusal(
        "checks-unknown",
        "The rules of the default branch could not be read.",
        "an owner, with the permission metadata: read",
      ),
    ];
  if (required.length === 0) return [];
  if (facts.checks === null)
    return [
      refusal(
        "checks-unknown",
        `The checks of ${short(facts.sha)} could not be read.`,
        "an owner, with the permission checks: read",
      ),
    ];
  const states = new Map(facts.checks.map(({ name, state }) => [name, state]));
  const inState = (wanted: CheckState["state"] | undefined) => required.filter((name) => states.get(name) === wanted);
  const all = [
    ["checks-failed", inState("failed"), "did not pass", rerun],
    ["checks-pending", inState("pending"), "is still running", "the end of the check"],
    ["checks-unknown", inState(undefined), "has no result", rerun],
  ] as const;
  return all.flatMap(([code, names, what, clearedBy]) =>
    names.length === 0
      ? []
      : [refusal(code, `On ${short(facts.sha)} ${what}: ${[...names].sort().join(", ")}.`, clearedBy)],
  );
}

function approvals({ approvedBy, sha }: GateFacts, { approvals: needed }: EnvironmentSettings): Refusal | null {
  if (needed === 0) return null;
  const has = approvedBy?.length ?? null;
  if (has !== null && has >= needed) return null;
  const sentence =
    has === null
      ? `The approvals of ${short(sha)} are not known; it needs ${needed}.`
      : `The commit ${short(sha)} has ${has} of ${needed} approvals.`;
  return refusal("approvals", sentence, "reviewers with write access, by approving this commit");
}

function order({ earlier, sha, now }: GateFacts, { after, bakeMinutes }: EnvironmentSettings): readonly Refusal[] {
  if (after === null) return [];
  const clearedBy = `people who can deploy ${short(sha)} to ${after}`;
  if (earlier === null) return [refusal("order", `Nothing is deployed to ${after}, which comes first.`, clearedBy)];
  if (earlier.sha !== sha)
    return [
      refusal(
        "order",
        `The newest deployment of ${after}, which comes first, is ${short(earlier.sha)} and not ${short(sha)}.`,
        clearedBy,
      ),
    ];
  if (earlier.since === null)
    return [
      refusal("order", `The deployment of ${short(sha)} to ${after}, which comes first, has not succeeded.`, clearedBy),
    ];
  const ready = new Date(earlier.since.getTime() + bakeMinutes * 60_000);
  if (bakeMinutes === 0 || ready <= now) return [];
  const sentence = `The commit ${short(sha)} must be in ${after} for ${bakeMinutes} minutes, until ${minute(ready)}.`;
  return [refusal("baking", sentence, "time", ready)];
}

function size({ commits }: GateFacts, { maxCommits }: EnvironmentSettings): Refusal | null {
  if (maxCommits === null || (commits !== null && commits <= maxCommits)) return null;
  const brings = commits === null ? "an unknown number of commits" : `${commits} commits`;
  const sentence = `The deployment brings ${brings}; the limit is ${maxCommits}.`;
  return refusal("too-many-commits", sentence, "people who can deploy an earlier commit first");
}

function frozen(environment: string, now: Date, freezes: readonly Freeze[]): readonly Refusal[] {
  return freezes
    .filter(({ environments }) => environments === null || environments.includes(environment))
    .filter((window) => holds(window, now))
    .map((window) => {
      const until = nextChange(window, now);
      const end = until === null ? `${window.to} (${window.timeZone})` : minute(until);
      const sentence = `Deployments to ${environment} are frozen (${window.name}) until ${end}.`;
      return refusal("frozen", sentence, "time, or people who can change `.github/companyos.yml`", until);
    });
}

function locked(locks: readonly HeldLock[]): readonly Refusal[] {
  return locks
    .filter(({ own, kind }) => !own || kind === "freeze")
    .map(({ of, kind, holder, reason, until, release }) => {
      const why = reason === null ? "" : `: ${reason}`;
      const end = until === null ? "" : ` until ${minute(until)}`;
      const clearedBy = `${holder} or an admin, with ${release}`;
      if (kind === "freeze")
        return refusal("frozen", `Deployments of ${of} are frozen by ${holder}${end}${why}.`, clearedBy, until);
      if (kind === "deployment")
        return refusal(
          "locked",
          `A deployment by ${holder} holds ${of}${end}${why}.`,
          `the end of that deployment, or ${clearedBy}`,
          until,
        );
      return refusal("locked", `${holder} holds the lock of ${of}${end}${why}.`, clearedBy, until);
    });
}

function short(sha: string): string {
  return sha.slice(0, 7);
}
