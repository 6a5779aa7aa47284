import type { Effect, EffectKind } from "../effects/effect.js";
import { CALL_PERMISSIONS, type KnownCall, type Level } from "../github/permissions.js";

/** The API call that each kind of effect needs. */
const CALLS: Readonly<Record<Exclude<EffectKind, "undo">, KnownCall>> = {
  comment: "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
  reaction: "POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions",
  labels: "POST /repos/{owner}/{repo}/issues/{issue_number}/labels",
  "check-run": "POST /repos/{owner}/{repo}/check-runs",
  review: "POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews",
  issue: "POST /repos/{owner}/{repo}/issues",
  "minimise-comment": "MUTATION minimizeComment",
  "review-comment": "MUTATION updatePullRequestReviewComment",
  "resolve-thread": "MUTATION resolveReviewThread",
  "request-reviewers": "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers",
  deployment: "POST /repos/{owner}/{repo}/deployments",
  "deployment-review": "POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule",
};

/** Permissions of an installation, by name; empty: unknown. */
export type Permissions = Readonly<Record<string, string>>;

export interface Allowed {
  readonly effects: readonly Effect[];
  readonly leftOut: readonly Effect[];
  /** One line for each missing permission, with its remedy. */
  readonly notes: readonly string[];
}

/** Leaves out effects that are not permitted. With unknown permissions all effects are tried. */
export function permitted(effects: readonly Effect[], permissions: Permissions): Allowed {
  // No agent takes anything back: people ask for that.
  const may = ({ kind }: Effect) => kind !== "undo" && mayCall(permissions, CALLS[kind]);
  const teams = effects.some((effect) => may(effect) && asksTeams(effect)) && !holds(permissions, "members", "read");
  const missing = new Map<string, string[]>();
  for (const { kind } of effects) {
    if (kind === "undo" || mayCall(permissions, CALLS[kind])) continue;
    const name = CALL_PERMISSIONS[CALLS[kind]].map(([permission]) => permission).join(" or ");
    missing.set(name, [...new Set([...(missing.get(name) ?? []), kind])]);
  }
  const notes = [...missing].map(([name, kinds]) => `no ${kinds.join(", ")}: ${remedy(name, "write")}`);
  const allowed = effects.filter(may);
  const leftOut = effects.filter((effect) => !may(effect));
  if (!teams) return { effects: allowed, leftOut, notes };
  return {
    effects: allowed.flatMap((effect) => (asksTeams(effect) ? withoutTeams(effect) : effect)),
    leftOut: [...leftOut, ...allowed.filter(asksTeams).map((effect) => ({ ...effect, users: [] }))],
    notes: [...notes, `no reviews of teams: ${remedy("members", "read")}`],
  };
}

type Request = Extract<Effect, { readonly kind: "request-reviewers" }>;

function asksTeams(effect: Effect): effect is Request {
  return effect.kind === "request-reviewers" && effect.teams.length > 0;
}

/** GitHub refuses the whole request if one team in it is not permitted. */
function withoutTeams(effect: Request): Effect[] {
  return effect.users.length === 0 ? [] : [{ ...effect, teams: [] }];
}

/** Why nothing can be read; null: reading is permitted. */
export function unreadable(permissions: Permissions, reads: readonly string[]): string | null {
  const missing = reads.filter((name) => !mayRead(permissions, name));
  return missing.length === 0 ? null : missing.map((name) => remedy(name, "read")).join("; ");
}

export function mayRead(permissions: Permissions, name: string): boolean {
  return holds(permissions, name, "read");
}

/** Whether the installation is permitted to make this call. With unknown permissions it is tried. */
export function mayCall(permissions: Permissions, call: KnownCall): boolean {
  return CALL_PERMISSIONS[call].some(([name, level]) => holds(permissions, name, level));
}

function holds(permissions: Permissions, name: string, level: Level): boolean {
  if (Object.keys(permissions).length === 0) return true;
  const held = permissions[name];
  return held === "write" || held === "admin" || (level === "read" && held === "read");
}

function remedy(name: string, level: string): string {
  return `the App lacks the permission ${name}: ${level}; an owner can accept it in the installation's settings`;
}
