import type { Delivery } from "../../simulator/organisation/delivery.js";
import { type Dump, dump } from "../../simulator/organisation/dump.js";
import type { Installation } from "../../simulator/organisation/installation.js";
import type { Organisation } from "../../simulator/organisation/organisation.js";
import { parseJson } from "../../src/unchecked.js";
import { z } from "zod";
import { TABLE_NAMES, type TableName, type Tables } from "./rows.js";

/** NUL cannot be stored; the mirror holds the replacement character in its place. */
function storable(rows: readonly object[]): readonly Readonly<Record<string, unknown>>[] {
  const text = JSON.stringify(rows).replaceAll("\\u0000", "\uFFFD");
  return z.array(z.record(z.string(), z.unknown())).parse(parseJson(text));
}

/** What GitHub does not tell with the row, or the mirror does not keep. */
const LEFT_OUT: ReadonlySet<string> = new Set(["checks_state", "closes", "comments", "review_comments", "statuses"]);

function without(row: object, more: readonly string[] = []): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !LEFT_OUT.has(key) && !more.includes(key)));
}

const Push = z.object({
  ref: z.string(),
  before: z.string(),
  after: z.string(),
  repository: z.object({ id: z.number(), pushed_at: z.number() }),
  commits: z.array(z.object({ id: z.string() })),
  head_commit: z.object({ id: z.string() }).nullable(),
});

/** The tables as they must be: the organisation's own dump, and what its deliveries told of things that only happen. */
export function expectedTables(
  organisation: Organisation,
  installation: Installation,
  deliveries: readonly Delivery[],
): Tables {
  const all = dump(organisation, installation);
  const live = new Set(all.repositories.map(({ id }) => id));
  const pushes = deliveries
    .filter(({ event }) => event === "push")
    .map(({ payload }) => Push.parse(payload))
    .filter(({ repository }) => live.has(repository.id));
  const distinct = new Map(
    pushes.map(({ repository, ref, before, after }) => [
      `${repository.id} ${ref} ${before} ${after} ${repository.pushed_at}`,
      {
        repository_id: repository.id,
        ref,
        before,
        after,
        pushed_at: `${new Date(repository.pushed_at * 1000).toISOString().slice(0, 19)}Z`,
        truncated: false,
      },
    ]),
  );
  return {
    ...expectedMirror(all),
    commits: storable(commitsOf(organisation, pushes)),
    pushes: storable([...distinct.values()].sort(byPush)),
    users: storable(
      [...organisation.accounts.values()]
        .filter(({ deleted }) => !deleted)
        .map(({ id, login, type }) => ({ id, login, type })),
    ),
  };
}

/** Tables that the organisation's dump tells of: all but what only happens, and who was seen. */
export type Mirror = Omit<Tables, "pushes" | "users">;

export function expectedMirror(all: Dump): Mirror {
  const used = new Set(
    [...all.issues, ...all.pull_requests].flatMap((on) => on.labels.map((name) => `${on.repository_id} ${name}`)),
  );
  return {
    repositories: storable(all.repositories.map((row) => ({ ...row, description: row.description || null }))),
    pull_requests: storable(all.pull_requests.map((row) => ({ ...without(row), body: row.body || null }))),
    reviews: storable(all.reviews.map((row) => ({ ...without(row, ["updated_at"]), body: row.body || null }))),
    issues: storable(all.issues.map((row) => ({ ...without(row), body: row.body || null }))),
    comments: storable(all.comments),
    deployments: storable(all.deployments.map((row) => without(row))),
    deployment_statuses: storable(
      all.deployments
        .flatMap(({ id, statuses }) =>
          statuses.map((status) => ({
            ...status,
            deployment_id: id,
            description: status.description || null,
            environment_url: status.environment_url || null,
            log_url: status.log_url || null,
          })),
        )
        .sort((a, b) => a.id - b.id),
    ),
    releases: storable(all.releases),
    labels: storable(all.labels.filter((label) => used.has(`${label.repository_id} ${label.name}`))),
    commits: storable(all.commits),
  };
}

type Pushed = z.infer<typeof Push>;

/** Commits that some push told of, or left out and that were read then: everything between its ends. */
function commitsOf(organisation: Organisation, pushes: readonly Pushed[]): object[] {
  const told = new Map<string, object>();
  for (const { repository, commits, head_commit: head } of pushes) {
    for (const { id } of [...commits, ...(head ? [head] : [])]) {
      const commit = organisation.repositories.get(repository.id)?.commits.get(id);
      if (commit === undefined) continue;
      told.set(`${repository.id} ${id}`, {
        repository_id: repository.id,
        sha: id,
        message: commit.message,
        author: commit.author.login,
        committed_at: `${new Date(commit.date * 1000).toISOString().slice(0, 19)}Z`,
      });
    }
  }
  return [...told.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

const byPush = (a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>) => {
  const keyOf = (row: typeof a) =>
    [row["repository_id"], row["ref"], row["pushed_at"], row["before"], row["after"]].join(" ");
  return keyOf(a) < keyOf(b) ? -1 : 1;
};

/** How the rows of a table are told apart. */
function keyOf(row: Readonly<Record<string, unknown>>): string {
  const { id, repository_id, sha, ref, before, after, pushed_at } = row;
  return JSON.stringify(id ?? [repository_id, sha, ref, before, after, pushed_at]);
}

/** Every difference between what is stored and what must be, for people. */
export function differences(expected: Tables, stored: Tables): readonly string[] {
  return TABLE_NAMES.flatMap((name) => differencesOf(name, expected[name], stored[name]));
}

type Rows = Tables[TableName];

/** The same of one table. */
export function differencesOf(name: TableName, expected: Rows, stored: Rows): readonly string[] {
  const problems: string[] = [];
  const mine = new Map(stored.map((row) => [keyOf(row), row]));
  for (const row of expected) {
    const found = mine.get(keyOf(row));
    // Not everyone has been seen.
    if (found === undefined && name !== "users") problems.push(`${name} ${keyOf(row)}: missing`);
    if (found === undefined) continue;
    for (const [column, value] of Object.entries(row)) {
      const is = found[column] ?? null;
      if (JSON.stringify(is) === JSON.stringify(value)) continue;
      problems.push(`${name} ${keyOf(row)} ${column}: ${JSON.stringify(is)}, not ${JSON.stringify(value)}`);
    }
  }
  // People of other histories are in the table as well; commits are also known from reads.
  if (name === "users" || name === "commits") return problems;
  const known = new Set(expected.map(keyOf));
  return [
    ...problems,
    ...stored.filter((row) => !known.has(keyOf(row))).map((row) => `${name} ${keyOf(row)}: too many`),
  ];
}
