import type { Delivery } from "../../demo/github/organisation/delivery.js";
import { dump } from "../../demo/github/organisation/dump.js";
import type { Installation } from "../../demo/github/organisation/installation.js";
import type { Organisation } from "../../demo/github/organisation/organisation.js";
import { parseJson } from "../../src/unchecked.js";
import { z } from "zod";
import type { TableName, Tables } from "./rows.js";

/** NUL cannot be stored; the mirror holds the replacement character in its place. */
function storable<T>(rows: readonly T[]): readonly Readonly<Record<string, unknown>>[] {
  const text = JSON.stringify(rows).replaceAll("\\u0000", "\uFFFD");
  return z.array(z.record(z.string(), z.unknown())).parse(parseJson(text));
}

/** What GitHub does not tell with the row, or the mirror does not keep. */
const LEFT_OUT: ReadonlySet<string> = new Set(["closes", "comments", "review_comments", "statuses"]);

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
  const used = new Set(
    [...all.issues, ...all.pull_requests].flatMap((on) => on.labels.map((name) => `${on.repository_id} ${name}`)),
  );
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
    repositories: storable(all.repositories),
    pull_requests: storable(all.pull_requests.map((row) => without(row))),
    reviews: storable(all.reviews.map((row) => ({ ...without(row, ["updated_at"]), body: row.body || null }))),
    issues: storable(all.issues.map((row) => without(row))),
    comments: storable(all.comments),
    deployments: storable(all.deployments.map((row) => without(row))),
    deployment_statuses: storable(
      all.deployments
        .flatMap(({ id, statuses }) =>
          statuses.map((status) => ({
            ...status,
            deployment_id: id,
            environment_url: status.environment_url || null,
            log_url: status.log_url || null,
          })),
        )
        .sort((a, b) => a.id - b.id),
    ),
    releases: storable(all.releases),
    labels: storable(all.labels.filter((label) => used.has(`${label.repository_id} ${label.name}`))),
    commits: storable(commitsOf(organisation, pushes)),
    pushes: storable([...distinct.values()].sort(byPush)),
    users: storable(
      [...organisation.accounts.values()]
        .filter(({ deleted }) => !deleted)
        .map(({ id, login, type }) => ({ id, login, type })),
    ),
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

/** The first difference of each table that differs, for people. */
export function differences(expected: Tables, stored: Tables): readonly string[] {
  const problems: string[] = [];
  for (const [name, rows] of Object.entries(expected)) {
    const theirs = rowsOf(stored, name);
    const keyOf = (row: Readonly<Record<string, unknown>>) =>
      String(
        row["id"] ??
          [row["repository_id"], row["sha"], row["ref"], row["before"], row["after"], row["pushed_at"]].join(" "),
      );
    const ours = new Map(theirs.map((row) => [keyOf(row), row]));
    const known = new Set(rows.map(keyOf));
    // People and commits are also known from elsewhere: what is stored must be right, and may be more or less.
    const partial = name === "users" || name === "commits";
    for (const row of rows) {
      const mine = ours.get(keyOf(row));
      if (mine === undefined) {
        if (name !== "users") problems.push(`${name} ${keyOf(row)}: missing`);
        continue;
      }
      for (const [column, value] of Object.entries(row)) {
        if (JSON.stringify(mine[column]) === JSON.stringify(value)) continue;
        if (mine[column] === undefined && value === null) continue;
        problems.push(`${name} ${keyOf(row)} ${column}: ${JSON.stringify(mine[column])}, not ${JSON.stringify(value)}`);
      }
    }
    if (!partial)
      problems.push(...theirs.filter((row) => !known.has(keyOf(row))).map((row) => `${name} ${keyOf(row)}: too many`));
  }
  return problems;
}

function rowsOf(tables: Tables, name: string): readonly Readonly<Record<string, unknown>>[] {
  const entry = Object.entries(tables).find(
    ([table]: [string, unknown]) => table === (name satisfies string | TableName),
  );
  return entry?.[1] ?? [];
}
