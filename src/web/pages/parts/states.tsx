import { Status, type Tone } from "./basics.js";
import type { IconName } from "./icon-paths.js";

// One icon and one word for each state of each kind of row.

type Look = readonly [IconName, Tone, string?];

const DELIVERY: Readonly<Record<string, Look>> = {
  received: ["clock", "warn", "waiting"],
  processing: ["play", "note"],
  retry: ["sync", "warn", "retrying"],
  processed: ["check-circle-fill", "good"],
  skipped: ["skip", "idle"],
  failed: ["x-circle-fill", "bad"],
  duplicate: ["copy", "idle"],
};

const JOB: Readonly<Record<string, Look>> = {
  waiting: ["clock", "warn"],
  running: ["play", "note"],
  done: ["check-circle-fill", "good"],
  skipped: ["skip", "idle"],
  failed: ["x-circle-fill", "bad"],
  cancelled: ["stop", "idle"],
};

const RUN: Readonly<Record<string, Look>> = {
  decided: ["play", "note", "writing"],
  done: ["check-circle-fill", "good"],
  skipped: ["skip", "idle"],
  abandoned: ["stop", "idle"],
};

const EFFECT: Readonly<Record<string, Look>> = {
  intended: ["clock", "warn"],
  done: ["check-circle-fill", "good", "written"],
  adopted: ["check-circle-fill", "good", "found as written"],
  "dry-run": ["beaker", "note", "dry run"],
  blocked: ["pause", "warn"],
  failed: ["x-circle-fill", "bad"],
  cancelled: ["stop", "idle"],
};

const SYNC: Readonly<Record<string, Look>> = {
  waiting: ["clock", "warn"],
  running: ["sync", "note"],
  paused: ["pause", "warn"],
  completed: ["check-circle-fill", "good"],
  "completed-with-warnings": ["alert", "warn", "completed with warnings"],
  failed: ["x-circle-fill", "bad"],
  cancelled: ["stop", "idle"],
};

const DEPLOYMENT: Readonly<Record<string, Look>> = {
  success: ["check-circle-fill", "good"],
  failure: ["x-circle-fill", "bad"],
  error: ["x-circle-fill", "bad"],
  inactive: ["dash", "idle"],
  in_progress: ["play", "note", "in progress"],
  queued: ["clock", "warn"],
  pending: ["clock", "warn"],
  waiting: ["clock", "warn"],
};

const FINDING: Readonly<Record<string, Look>> = {
  decided: ["clock", "warn", "being written"],
  open: ["alert", "warn"],
  fixed: ["check-circle-fill", "good"],
  dismissed: ["skip", "idle"],
  ignored: ["mute", "idle"],
};

const HEALTH: Readonly<Record<string, Look>> = {
  healthy: ["check-circle-fill", "good"],
  degraded: ["alert", "warn"],
  unhealthy: ["x-circle-fill", "bad"],
  unknown: ["clock", "idle", "not checked yet"],
};

const DOCTOR: Readonly<Record<string, Look>> = {
  ok: ["check-circle-fill", "good"],
  problem: ["x-circle-fill", "bad"],
  unknown: ["clock", "idle", "not checked"],
};

const LEVEL: Readonly<Record<string, Look>> = {
  failure: ["x-circle-fill", "bad"],
  warning: ["alert", "warn"],
  notice: ["info", "note"],
  critical: ["x-circle-fill", "bad"],
  info: ["info", "note"],
};

const PULL: Readonly<Record<string, Look>> = {
  open: ["git-pull-request", "good"],
  draft: ["git-pull-request-draft", "idle"],
  merged: ["git-merge", "done"],
  closed: ["git-pull-request-closed", "bad"],
};

const ISSUE: Readonly<Record<string, Look>> = {
  open: ["issue-opened", "good"],
  closed: ["issue-closed", "done"],
};

const DRIFT: Readonly<Record<string, Look>> = {
  missing: ["alert", "bad"],
  asked: ["sync", "note", "redelivery requested"],
  syncing: ["sync", "note", "read by a sync"],
  healed: ["check-circle-fill", "good"],
  "given-up": ["x-circle-fill", "bad", "given up"],
};

const LOOKS = {
  delivery: DELIVERY,
  job: JOB,
  run: RUN,
  effect: EFFECT,
  sync: SYNC,
  deployment: DEPLOYMENT,
  finding: FINDING,
  health: HEALTH,
  doctor: DOCTOR,
  level: LEVEL,
  pull: PULL,
  issue: ISSUE,
  drift: DRIFT,
} as const;
export type StateOf = keyof typeof LOOKS;

/** The look of a state. An unknown state is shown by its name. */
export function lookOf(
  kind: StateOf,
  state: string,
): { readonly icon: IconName; readonly tone: Tone; readonly word: string } {
  const [icon, tone, word] = LOOKS[kind][state] ?? ["dash", "idle"];
  return { icon, tone, word: word ?? state.replaceAll(/[-_]/g, " ") };
}

export function StateLabel({ of, state }: { of: StateOf; state: string }) {
  const { icon, tone, word } = lookOf(of, state);
  return (
    <Status icon={icon} tone={tone}>
      {word}
    </Status>
  );
}

/** A pull request's own word for its state. */
export function pullState({ state, draft, merged }: { state: string; draft: boolean; merged: boolean }): string {
  return merged ? "merged" : state === "open" && draft ? "draft" : state;
}
