import { z } from "zod";
import type { PausedWrites } from "../health/paused-writes.js";
import { deniedReason } from "../store/tenants/denied-reason.js";
import { type Advice, MAINTAINER, OPERATOR, OWNER, SETTINGS } from "./advice.js";
import type { SubjectStory } from "./subject-story.js";

/** One present obstacle to the app's work on a pull request or issue, with the next step. */
export interface Obstacle {
  readonly tone: "bad" | "warn" | "note";
  readonly what: string;
  readonly detail: string;
  /** Null: the app continues by itself. */
  readonly advice: Advice | null;
  /** The page with details; null: this page. */
  readonly href: string | null;
}

/** Facts that the subject's own rows do not contain. */
export interface Surroundings {
  readonly now: Date;
  readonly dryRun: boolean;
  readonly pausedWrites: readonly PausedWrites[];
  /** The latest sync run of the installation. */
  readonly sync: { readonly status: string; readonly reason: string | null; readonly resume_at: Date | null } | null;
}

/** Work due for this long means that no worker is running. */
const STUCK_MS = 60_000;
const ADMIN = "An admin of the organisation";

/** Every present obstacle; those of the whole installation first. */
export function obstaclesOf(story: SubjectStory, around: Surroundings): readonly Obstacle[] {
  return [
    ...accessObstacles(story),
    ...writeObstacles(story, around),
    ...settingsObstacles(story),
    ...deliveryObstacles(story, around.now),
    ...jobObstacles(story, around.now),
    ...syncObstacles(around),
  ];
}

function obstacle(
  tone: Obstacle["tone"],
  what: string,
  detail: string,
  who: string | null,
  step: string,
  href: string | null = null,
): readonly Obstacle[] {
  return [{ tone, what, detail, advice: who === null ? null : { who, what: step }, href }];
}

function accessObstacles({ installation, repository }: SubjectStory): readonly Obstacle[] {
  const name = repository.full_name;
  if (installation?.deleted_at)
    return obstacle("bad", "The App was uninstalled", "Deliveries are ignored.", OWNER, "install the App again");
  if (installation?.suspended_at)
    return obstacle(
      "bad",
      "The installation is suspended",
      "Deliveries are stored; no work follows.",
      OWNER,
      "unsuspend the App in the organisation's settings",
    );
  const denied = installation === null ? null : deniedReason(name, installation);
  if (denied !== null)
    return obstacle(
      "warn",
      "This repository is excluded",
      `Its deliveries are skipped: ${denied}.`,
      OPERATOR,
      "run 'companyos-github repositories allow' for this repository",
    );
  if (repository.access_removed_at)
    return obstacle(
      "bad",
      "The App has no access to this repository",
      "It was removed from the repositories of the installation.",
      OWNER,
      "give the App access to the repository again",
    );
  if (repository.archived)
    return obstacle(
      "note",
      "The repository is archived",
      "GitHub accepts no writes to it, so agents skip it.",
      MAINTAINER,
      "unarchive the repository",
    );
  return [];
}

function writeObstacles({ repository }: SubjectStory, { pausedWrites, dryRun }: Surroundings): readonly Obstacle[] {
  const mine = pausedWrites.find(
    ({ installation }) => installation === null || BigInt(installation) === repository.installation_id,
  );
  return [
    ...(mine === undefined
      ? []
      : obstacle(
          "warn",
          `Writes to GitHub are paused${mine.account === null ? "" : ` for ${mine.account}`}`,
          mine.reason ?? "No reason was given.",
          OPERATOR,
          "run 'companyos-github writes resume'; blocked effects are then written",
        )),
    ...(dryRun
      ? obstacle(
          "warn",
          "The app runs with DRY_RUN",
          "Agents decide and write nothing to GitHub.",
          OPERATOR,
          "unset DRY_RUN and restart; then replay the delivery",
        )
      : []),
  ];
}

function settingsObstacles({ settings }: SubjectStory): readonly Obstacle[] {
  const problems = problemsOf(settings?.problems);
  if (problems.length === 0) return [];
  return obstacle(
    "warn",
    `The settings of this repository have ${problems.length === 1 ? "a problem" : `${problems.length} problems`}`,
    `${problems.slice(0, 3).join("; ")}. The last good settings apply until then.`,
    MAINTAINER,
    `correct ${SETTINGS}; the check 'companyos / settings' names each line`,
  );
}

const Problems = z.array(z.object({ line: z.number(), setting: z.string(), problem: z.string() })).catch([]);

function problemsOf(stored: unknown): readonly string[] {
  return Problems.parse(stored).map(({ line, setting, problem }) =>
    [`line ${line}`, setting, problem].filter((part) => part !== "").join(": "),
  );
}

function deliveryObstacles({ deliveries }: SubjectStory, now: Date): readonly Obstacle[] {
  const waiting = deliveries.find(({ status }) => status === "received" || status === "processing");
  const failed = deliveries.findLast(({ status }) => status === "failed" || status === "retry");
  return [
    ...(waiting === undefined || now.getTime() - waiting.received_at.getTime() < STUCK_MS
      ? []
      : obstacle(
          "bad",
          "A delivery waits to be processed",
          `${waiting.event} arrived at ${clockTime(waiting.received_at)} and no worker has taken it.`,
          OPERATOR,
          "start a worker (ROLE=all or ROLE=worker)",
          `/story/${waiting.guid}`,
        )),
    ...(failed === undefined
      ? []
      : obstacle(
          "bad",
          failed.status === "retry" ? "A delivery failed and is tried again" : "A delivery failed",
          failed.error ?? "The log has the reason.",
          failed.status === "retry" ? null : ADMIN,
          "correct the cause, then replay the delivery",
          `/story/${failed.guid}`,
        )),
  ];
}

const WAITS: Readonly<Record<string, string>> = {
  "rate-limit": "The quota at GitHub is used up",
  network: "GitHub does not respond",
  authentication: "GitHub refuses the App's credentials",
};

function jobObstacles({ jobs }: SubjectStory, now: Date): readonly Obstacle[] {
  const [latest] = jobs.filter(({ status }) => status === "waiting" || status === "failed").slice(-1);
  if (latest === undefined) return [];
  const { status, name, run_at: at, error, error_kind: kind, reason, delivery_guid: guid } = latest;
  const href = guid === null ? null : `/story/${guid}`;
  if (status === "failed")
    return obstacle(
      "bad",
      `The job '${name}' failed after its last attempt`,
      error ?? "The log has the reason.",
      ADMIN,
      guid === null
        ? "use 'Retry all failed work' on the Activity page"
        : "correct the cause, then replay the delivery",
      href,
    );
  if (now.getTime() - at.getTime() > STUCK_MS)
    return obstacle(
      "bad",
      `The job '${name}' is due and no worker has taken it`,
      `It is due since ${clockTime(at)}.`,
      OPERATOR,
      "start a worker (ROLE=all or ROLE=worker)",
    );
  const cause = WAITS[kind ?? ""];
  if (cause === undefined) return [];
  return obstacle(
    "warn",
    cause,
    `The job '${name}' waits: ${error ?? reason ?? "no more is known"}. It continues by itself at ${clockTime(at)}.`,
    kind === "authentication" ? OPERATOR : null,
    "run 'companyos-github doctor' and follow what it says about the GitHub App",
  );
}

function syncObstacles({ sync }: Surroundings): readonly Obstacle[] {
  if (sync?.status === "failed")
    return obstacle(
      "warn",
      "The last sync failed",
      `${sync.reason ?? "The log has the reason."} What this page shows can be out of date.`,
      ADMIN,
      "correct the cause, then press 'Sync now' on the Sync page",
      "/sync",
    );
  if (sync?.status !== "paused") return [];
  const until = sync.resume_at === null ? "" : ` until ${clockTime(sync.resume_at)}`;
  return obstacle(
    "note",
    `The sync is paused${until}`,
    `${sync.reason ?? "It waits for quota."} It continues by itself.`,
    null,
    "",
    "/sync",
  );
}

function clockTime(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
