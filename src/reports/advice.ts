import type { SkipId } from "../agents/code-review/skip.js";
import { isHandledEvent } from "../domain.js";
import { deniedReason, type Lists } from "../store/tenants/denied-reason.js";

/** The person who can change an outcome, and how. Derived from the rows, never from the wording of a reason. */
export interface Advice {
  readonly who: string;
  readonly what: string;
}

export const SETTINGS = ".github/companyos.yml";
export const MAINTAINER = "A maintainer of the repository";
export const OWNER = "An owner of the organisation";
export const OPERATOR = "The operator of this app";

const SKIPS: Readonly<Record<SkipId | "not-permitted", Advice>> = {
  disabled: { who: MAINTAINER, what: `set review.enabled to true in ${SETTINGS}` },
  closed: { who: "The author", what: "reopen the pull request" },
  "head-gone": { who: "The author", what: "restore the head branch" },
  draft: { who: "The author", what: "mark the pull request as ready for review, or comment /review" },
  "ignored-author": { who: MAINTAINER, what: `change review.ignore.authors in ${SETTINGS}` },
  "ignored-label": { who: MAINTAINER, what: `take the label off, or change review.ignore.labels in ${SETTINGS}` },
  "ignored-paths": { who: MAINTAINER, what: `change review.ignore.paths in ${SETTINGS}` },
  "already-reviewed": { who: "Anyone with write access", what: "comment /review to have this head reviewed again" },
  "only-merges": { who: "Anyone with write access", what: "comment /review to have this head reviewed again" },
  "not-permitted": { who: OWNER, what: "accept the permissions that the App asks for, in the organisation's settings" },
};

/** Of agents other than the review, and of reads that GitHub refuses. */
const OTHER_SKIPS: Readonly<Record<string, Advice>> = {
  "triage disabled": { who: MAINTAINER, what: `set triage.enabled to true in ${SETTINGS}` },
  "triage closed": { who: "The author", what: "reopen the issue; closed issues are not triaged" },
  "triage locked": { who: MAINTAINER, what: "unlock the conversation" },
  "triage author": { who: MAINTAINER, what: `change triage.ignore.authors in ${SETTINGS}` },
  forbidden: { who: OWNER, what: "check the App's permissions and its access to the repository" },
  gone: { who: "The app", what: "runs again when GitHub delivers the next change" },
};

/** Why a run wrote nothing, and who can change that; null: it did write. */
export function adviceForRun(run: {
  readonly agent: string;
  readonly skipped: string | null;
  readonly shadow: boolean;
  readonly status: string;
}): Advice | null {
  const { agent, skipped } = run;
  const known = skipped === null ? undefined : (OTHER_SKIPS[`${agent} ${skipped}`] ?? OTHER_SKIPS[skipped]);
  if (known) return known;
  const skip = Object.entries(SKIPS).find(([id]) => id === skipped);
  if (skip) return skip[1];
  if (run.shadow)
    return { who: MAINTAINER, what: `remove shadow: true from ${SETTINGS}; shadow runs decide and write nothing` };
  if (run.status === "abandoned")
    return { who: "The app", what: "judges the newer state by itself; nothing is needed" };
  return null;
}

export function adviceForEffect({
  status,
  errorKind,
}: {
  readonly status: string;
  readonly errorKind: string | null;
}): Advice | null {
  switch (status) {
    case "blocked":
      return { who: OPERATOR, what: "run 'companyos-github writes resume'; blocked effects are then written" };
    case "dry-run":
      return { who: OPERATOR, what: "unset DRY_RUN and restart; then replay this delivery" };
    case "failed":
      return errorKind === "authentication"
        ? { who: OWNER, what: "check the App's permissions, then replay this delivery" }
        : { who: "An admin of the organisation", what: "replay this delivery once the cause below is gone" };
    default:
      return null;
  }
}

export interface DeliveryFacts {
  readonly event: string;
  readonly status: string;
  readonly installation: (Lists & { readonly deleted_at: Date | null; readonly suspended_at: Date | null }) | null;
  readonly repository: {
    readonly full_name: string;
    readonly archived: boolean;
    readonly deleted_at: Date | null;
    readonly access_removed_at: Date | null;
  } | null;
  readonly failedJobs: number;
  /** How long it has waited for processing (ms). */
  readonly waitedMs: number;
}

const LONG_WAIT_MS = 60_000;

/** Why a delivery planned no jobs, and who can change that; null: it did, or none are needed. */
export function adviceForDelivery(facts: DeliveryFacts): Advice | null {
  const { event, status, installation, repository } = facts;
  if (status === "received" || status === "processing")
    return facts.waitedMs < LONG_WAIT_MS
      ? null
      : { who: OPERATOR, what: "start a worker (ROLE=all or ROLE=worker); deliveries wait until one runs" };
  if (status === "failed")
    return { who: "An admin of the organisation", what: "replay this delivery once the cause is gone" };
  if (!isHandledEvent(event))
    return { who: OPERATOR, what: "unsubscribe the App from this event; the app has no use for it" };
  if (installation?.deleted_at) return { who: OWNER, what: "install the App again" };
  if (installation?.suspended_at) return { who: OWNER, what: "unsuspend the App in the organisation's settings" };
  if (status === "skipped" && installation === null)
    return { who: OWNER, what: "install the App on this account, or remove the webhook that sends to this address" };
  // Nothing is stored of an excluded repository, not even its name.
  if (status === "skipped" && repository === null)
    return { who: OPERATOR, what: "run 'companyos-github repositories allow' if the app should work there" };
  if (installation && repository && deniedReason(repository.full_name, installation) !== null)
    return { who: OPERATOR, what: "run 'companyos-github repositories allow' for this repository" };
  if (repository?.access_removed_at) return { who: OWNER, what: "give the App access to the repository again" };
  if (repository?.archived)
    return { who: MAINTAINER, what: "unarchive the repository; nothing can be written to it now" };
  if (facts.failedJobs > 0)
    return { who: "An admin of the organisation", what: "replay this delivery: its failed jobs run again" };
  return null;
}
