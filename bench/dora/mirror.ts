import type { Fact } from "../../src/facts/fact.js";
import { globs as globMatcher } from "../../src/agents/glob.js";
import { coursesOf } from "../../src/reports/dora/compute.js";
import type { Course } from "../../src/reports/dora/judge.js";
import { readRows } from "../../src/reports/dora/read.js";
import { DEFAULT_RULES, type Service } from "../../src/reports/dora/rows.js";
import { applyFacts } from "../../src/store/facts/apply.js";
import type { Store } from "../../src/store/store.js";
import { REPOSITORY } from "./script.js";
import { HOUR, START } from "./world.js";

const NOW = new Date(START + 400 * 24 * HOUR);

export async function emptyMirror(store: Store): Promise<void> {
  await store.sql
    .query(`TRUNCATE repositories, users, labels, pull_requests, pull_request_labels, issues, issue_labels, assignees,
    review_requests, commits, pushes, deployments, deployment_statuses`);
}

/** Stores what one delivery, or one page of a read, proves. */
export async function store(of: Store, facts: readonly Fact[]): Promise<void> {
  await of.transaction((sql) => applyFacts(sql, facts, { installationId: 1n, now: NOW }));
}

/** The courses that the stored rows give, by `service environment`; a repository without services has one. */
export async function computed(
  of: Store,
  globs: Readonly<Record<string, string>> | undefined,
): Promise<readonly Course[]> {
  const rows = await readRows(of.sql, { repositories: null, incidentLabels: ["incident"], files: globs !== undefined });
  return coursesOf(rows, servicesOf(globs));
}

function servicesOf(globs: Readonly<Record<string, string>> | undefined): readonly Service[] {
  if (globs === undefined) return [{ name: "", repositories: [REPOSITORY], owns: null, rules: DEFAULT_RULES }];
  return Object.entries(globs).map(([name, glob]) => ({
    name,
    repositories: [REPOSITORY],
    owns: globMatcher([glob]),
    rules: DEFAULT_RULES,
  }));
}
