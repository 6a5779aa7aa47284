/** The arguments of `/deploy` or `/rollback`. */
export interface DeployWish {
  readonly environment: string;
  /** As it was written; null: the head, or for a rollback the commit before. */
  readonly commit: string | null;
  readonly noop: boolean;
  /** An admin's reason for an override; null: no override. */
  readonly override: string | null;
}

const USAGE = "It is `/deploy <environment> [commit] [--noop] [--override <reason>]`.";

/** The parsed command, or a sentence about the mistake in it. */
export function parseDeploy(argument: string): DeployWish | string {
  const [before = "", ...behind] = argument.split(/(?:^|\s)--override(?:\s|$)/);
  const words = before.split(/\s+/).filter((word) => word !== "");
  const noop = words.includes("--noop");
  const [environment, commit = null, ...rest] = words.filter((word) => word !== "--noop");
  if (environment === undefined) return `An environment is missing. ${USAGE}`;
  if (rest.length > 0 || environment.startsWith("-") || commit?.startsWith("-") === true)
    return `The command was not understood. ${USAGE}`;
  const override = behind.length === 0 ? null : behind.join(" ").trim();
  if (override === "") return `An override needs a reason. ${USAGE}`;
  return { environment, commit, noop, override };
}

/** The arguments of `/lock`, `/unlock` or `/freeze`. */
export interface LockRequest {
  /** An environment, or the words `service` and `pr`; empty for `/freeze`. */
  readonly target: string;
  /** For how long; null: as the settings say. */
  readonly minutes: number | null;
  /** Takes the lock from its holder. */
  readonly take: boolean;
  readonly reason: string | null;
}

const DURATION = /^(\d{1,4})(m|h|d)$/;
const MINUTES = { m: 1, h: 60, d: 1_440 } as const;

export function parseLock(argument: string, hasTarget: boolean): LockRequest {
  const words = argument.split(/\s+/).filter((word) => word !== "");
  const target = hasTarget ? (words.shift() ?? "") : "";
  const take = words[0] === "--take";
  if (take) words.shift();
  const minutes = minutesOf(words[0] ?? "");
  if (minutes !== null) words.shift();
  const reason = words.join(" ");
  return { target, take, minutes, reason: reason === "" ? null : reason.slice(0, 200) };
}

function minutesOf(word: string): number | null {
  const match = DURATION.exec(word);
  const unit = match?.[2];
  if (!match || (unit !== "m" && unit !== "h" && unit !== "d")) return null;
  return Math.min(Number(match[1]) * MINUTES[unit], 43_200);
}
