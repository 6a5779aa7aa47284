import { comments } from "../entities/comments.js";
import { commits } from "../entities/commits.js";
import { deployments } from "../entities/deployments.js";
import { issues } from "../entities/issues.js";
import { labels } from "../entities/labels.js";
import { pullRequests } from "../entities/pull-requests.js";
import { releases } from "../entities/releases.js";
import { repository } from "../entities/repository.js";
import type { Unit } from "../entity.js";
import { activity } from "../survey/activity.js";
import { added } from "../survey/added.js";
import { checks } from "../survey/checks.js";
import { issueIds, pullRequestIds } from "../survey/inventory.js";
import { repositories, selection } from "../survey/repositories.js";
import { search } from "../survey/search.js";
import { subject } from "../survey/subject.js";
import { totals } from "../survey/totals.js";

/** Every list that a cursor can read. */
export const UNITS: readonly Unit[] = [
  repositories,
  totals,
  added,
  search,
  activity,
  selection,
  checks,
  subject,
  repository,
  pullRequests,
  issues,
  comments,
  commits,
  deployments,
  releases,
  pullRequestIds,
  issueIds,
  labels,
];

const byName: ReadonlyMap<string, Unit> = new Map(UNITS.map((unit) => [unit.name, unit]));

/** Null for a cursor of another version of the app. */
export function unitNamed(name: string): Unit | null {
  return byName.get(name) ?? null;
}
