import type { DeploymentSettings } from "./settings.js";

interface Kind {
  /** Whether time or a person can clear it while the deployment waits. */
  readonly waits: boolean;
  /** Whether an admin can override it with a reason. */
  readonly waivable: boolean;
}

const FINAL = { waits: false, waivable: false };
const WAITS = { waits: true, waivable: true };

/** Every reason to refuse a deployment, in the order in which refusals are listed. The codes are stable. */
export const REASONS = {
  "not-permitted": FINAL,
  "unknown-environment": FINAL,
  "unknown-commit": FINAL,
  "ambiguous-commit": FINAL,
  role: FINAL,
  "head-moved": FINAL,
  "fork-commit": FINAL,
  "unknown-origin": FINAL,
  "checks-failed": WAITS,
  "checks-pending": WAITS,
  "checks-unknown": WAITS,
  approvals: WAITS,
  order: WAITS,
  baking: WAITS,
  "too-many-commits": { waits: false, waivable: true },
  frozen: WAITS,
  locked: { waits: true, waivable: false },
} as const satisfies Readonly<Record<string, Kind>>;
export type Reason = keyof typeof REASONS;

export interface Refusal {
  readonly code: Reason;
  /** One sentence, plain text: it may hold foreign names. */
  readonly sentence: string;
  /** The person or event that can clear it. */
  readonly clearedBy: string;
  /** When it clears by itself; null: it does not, or nothing knows when. */
  readonly until: Date | null;
}

export function refusal(code: Reason, sentence: string, clearedBy: string, until: Date | null = null): Refusal {
  return { code, sentence, clearedBy, until };
}

export function unknownEnvironment(name: string, { environments }: DeploymentSettings): Refusal {
  const known = Object.keys(environments).sort();
  const list = known.length === 0 ? "they name none" : `they name ${known.join(", ")}`;
  return refusal(
    "unknown-environment",
    `The settings name no environment ${name}; ${list}.`,
    "people who can change `.github/companyos.yml`",
  );
}

export function unknownCommit(what: string): Refusal {
  return refusal("unknown-commit", `${what}.`, "the author of the command, with the full id of a commit");
}

export function ambiguousCommit(prefix: string): Refusal {
  const sentence = `More than one commit begins with ${prefix}.`;
  return refusal("ambiguous-commit", sentence, "the author of the command, with the full id of the commit");
}

/** 2026-12-24 08:00 UTC */
export function minute(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** All of it on one line: code, sentence, who can clear it. */
export function sayRefusal({ code, sentence, clearedBy }: Refusal): string {
  return `${sentence} (${code}; cleared by ${clearedBy})`;
}
