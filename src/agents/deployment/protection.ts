import type { RepositoryRef } from "../../domain.js";
import { prose } from "../../text/markdown.js";
import type { Decision } from "../agent.js";
import { type GateFacts, gates } from "./gates.js";
import { type Refusal, REASONS, sayRefusal } from "./refusal.js";
import type { DeploymentSettings } from "./settings.js";

/** A job that waits for the protection rule of its environment. */
export interface ProtectedJob {
  readonly repository: RepositoryRef;
  readonly runId: number;
  readonly environment: string;
  readonly facts: GateFacts;
  /** The lock under which it is approved; null: it was not taken. */
  readonly hold: { readonly commentId: bigint; readonly fence: bigint } | null;
}

/** Approves when every gate is open, rejects when waiting cannot help, otherwise lets the job wait with the reason. */
export function decideProtection(job: ProtectedJob, settings: DeploymentSettings): Decision {
  const { repository, runId, environment, facts, hold } = job;
  const { state, said } = verdictOf(facts, settings);
  const what = `${facts.sha.slice(0, 7)} to ${environment}`;
  const reason = state === "approved" ? `Approved: every gate is open for ${what}.` : said;
  return {
    reason,
    effects: [
      {
        kind: "deployment-review",
        repository,
        // The same reason to wait is reported once.
        occasion: state ?? said,
        reason,
        runId: BigInt(runId),
        environment,
        state,
        comment: prose(reason),
      },
    ],
    input: { environment, runId, sha: facts.sha, said: reason, waiting: state === null },
    details: {
      holds: hold === null ? [] : [{ commentId: String(hold.commentId), environment, fence: String(hold.fence) }],
    },
    skipped: state === null ? "waiting" : null,
  };
}

interface Verdict {
  /** Null: the job waits. */
  readonly state: "approved" | "rejected" | null;
  readonly said: string;
  readonly refusals: readonly Refusal[];
}

export function verdictOf(facts: GateFacts, settings: DeploymentSettings): Verdict {
  if (!settings.protect)
    return {
      state: null,
      said: "Waits: deployments.protect is false in the settings of the repository.",
      refusals: [],
    };
  const refusals = gates(facts, settings);
  if (refusals.length === 0) return { state: "approved", said: "", refusals };
  const final = refusals.some(({ code }) => !REASONS[code].waits);
  const said = `${final ? "Rejected" : "Waits"}: ${refusals.map(sayRefusal).join(" ")}`;
  return { state: final ? "rejected" : null, said, refusals };
}

const SOONEST_MS = 2_000;
const LATEST_MS = 10 * 60_000;

/** How often the gates of a waiting job are checked (ms), because results of checks and approvals do not wake it. */
export function againInMs(refusals: readonly Refusal[], now: Date): number {
  const times = refusals.flatMap(({ until }) => (until === null ? [] : [until.getTime() - now.getTime()]));
  return Math.max(SOONEST_MS, Math.min(LATEST_MS, ...times.map((ms) => ms + 1_000)));
}
