import type { RepositoryRef } from "../../domain.js";
import type { Effect } from "../../effects/effect.js";
import type { Decision } from "../agent.js";
import { type GateFacts, gates, withoutWaived } from "./gates.js";
import { type Refusal, sayRefusal } from "./refusal.js";
import type { DeploymentSettings } from "./settings.js";

/** One command to deploy, with everything that its decision needs. */
export interface DeployRequest {
  readonly commentId: bigint;
  readonly by: string;
  readonly verb: "deploy" | "rollback";
  readonly noop: boolean;
  /** An admin's reason to override; null: nothing is overridden. */
  readonly override: string | null;
  /** Null: no commit to judge; `refusals` gives the reason. */
  readonly facts: GateFacts | null;
  readonly refusals: readonly Refusal[];
  /** The problem of the command itself; null: none. */
  readonly misuse: string | null;
  /** Of the environment's lock; null: it was not taken. */
  readonly fence: bigint | null;
}

export interface DeploySubject {
  readonly repository: RepositoryRef;
  readonly requests: readonly DeployRequest[];
}

/** The facts that `stillHolds` checks before the effect. */
export interface DeployDetails {
  readonly holds: readonly {
    readonly commentId: string;
    readonly environment: string;
    readonly fence: string;
  }[];
}

/** Decides every command that waits, one after the other. */
export function decideDeploy({ repository, requests }: DeploySubject, settings: DeploymentSettings): Decision {
  const decided = requests.map((request) => decideOne(repository, request, settings));
  const effects = decided.flatMap(({ effect }) => (effect === null ? [] : [effect]));
  const details: DeployDetails = {
    holds: requests.flatMap(({ commentId, facts, fence }) =>
      facts === null || fence === null
        ? []
        : [{ commentId: String(commentId), environment: facts.environment, fence: String(fence) }],
    ),
  };
  const reason = decided.map(({ said }) => said).join(" ");
  const input = { commands: decided.map(({ said, codes }) => ({ said, codes })) };
  return {
    reason: reason === "" ? "No command waits." : reason,
    effects,
    details,
    input,
    skipped: effects.length === 0 ? "refused" : null,
  };
}

interface Decided {
  readonly said: string;
  readonly codes: readonly string[];
  readonly effect: Effect | null;
}

function decideOne(repository: RepositoryRef, request: DeployRequest, settings: DeploymentSettings): Decided {
  const { facts, commentId, by, noop, verb, misuse, fence } = request;
  if (misuse !== null) return { said: misuse, codes: [], effect: null };
  const { refusals, waived } = refusalsOf(request, settings);
  const codes = refusals.map(({ code }) => code);
  if (facts === null || refusals.length > 0)
    return {
      said: `${noop ? "It would be refused" : "Refused"}: ${refusals.map(sayRefusal).join(" ")}`,
      codes,
      effect: null,
    };
  const { environment, sha } = facts;
  const what = `${sha.slice(0, 7)} to ${environment}`;
  const overridden = waived.length === 0 ? "" : `, overriding ${waived.map(({ code }) => code).join(", ")}`;
  if (noop)
    return {
      said: `Every gate is open: ${what} would be deployed${overridden}. Nothing was done.`,
      codes,
      effect: null,
    };
  const reason = `${by} asked for a ${verb} of ${what}${overridden}`;
  return {
    said: `The App ${verb === "rollback" ? "rolls back" : "deploys"} ${what}${overridden}.`,
    codes,
    effect: {
      kind: "deployment",
      repository,
      occasion: `command ${commentId}`,
      reason,
      environment,
      sha,
      description: reason,
      production: environment === "production",
      fence: fence ?? 0n,
      by,
    },
  };
}

/** The refusals of the command, and the ones that an admin overrides. */
export function refusalsOf(
  { facts, refusals, override, verb }: Pick<DeployRequest, "facts" | "refusals" | "override" | "verb">,
  settings: DeploymentSettings,
): { readonly refusals: readonly Refusal[]; readonly waived: readonly Refusal[] } {
  if (facts === null) return { refusals, waived: [] };
  const all = [...refusals, ...gates(facts, settings).filter(({ code }) => verb === "deploy" || !RAN_BEFORE.has(code))];
  if (override === null || facts.actor?.role !== "admin") return { refusals: all, waived: [] };
  const left = withoutWaived(all);
  return { refusals: left, waived: all.filter((each) => !left.includes(each)) };
}

/** The gates that a rollback skips, because its commit ran in the environment before. */
const RAN_BEFORE: ReadonlySet<string> = new Set(["unknown-origin", "order", "baking", "approvals", "too-many-commits"]);
