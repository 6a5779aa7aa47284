import { z } from "zod";
import type { Store } from "../../src/store/store.js";
import type { Organisation } from "./organisation.js";

const time = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
const LIVE = "t.deleted_at IS NULL AND r.deleted_at IS NULL";
const FROM = (table: string): string => `FROM ${table} t JOIN repositories r ON r.id = t.repository_id WHERE ${LIVE}`;

/** What is compared of each row: what a reader would see wrong first, and its version. */
const COMPARED = {
  pull_requests: `SELECT t.id::text AS id, concat_ws('|', t.title, t.state, t.locked, t.draft, t.head_sha, t.commits,
    ${time("t.core_updated_at")}) AS content ${FROM("pull_requests")}`,
  issues: `SELECT t.id::text AS id, concat_ws('|', t.title, t.state, t.locked, ${time("t.updated_at")}) AS content ${FROM("issues")}`,
  comments: `SELECT t.id::text AS id, concat_ws('|', t.body, ${time("t.updated_at")}) AS content ${FROM("issue_comments")}`,
  reviews: `SELECT t.id::text AS id, concat_ws('|', upper(t.state), t.commit_id) AS content ${FROM("reviews")}`,
  deployments: `SELECT t.id::text AS id, concat_ws('|', t.environment, t.sha, ${time("t.updated_at")}) AS content ${FROM("deployments")}`,
  releases: `SELECT t.id::text AS id, concat_ws('|', t.tag_name, t.draft, ${time("t.updated_at")}) AS content ${FROM("releases")}`,
} as const;

const Row = z.object({ id: z.string(), content: z.string() });
type Rows = ReadonlyMap<string, string>;

/** Rows that differ from the organisation: missing, too many, or with another content. */
export async function staleRows(
  store: Store,
  { github, installationId }: Organisation,
): Promise<Record<string, number>> {
  const dump = await github.control.run("dump", { installation: Number(installationId) });
  const text = (...values: readonly unknown[]): string =>
    values
      .filter((value) => value !== null)
      .map(written)
      .join("|");
  const at = <T extends { readonly id: number }>(rows: readonly T[], content: (row: T) => string): Rows =>
    new Map(rows.map((row) => [String(row.id), content(row)]));
  const expected: Readonly<Record<keyof typeof COMPARED, Rows>> = {
    pull_requests: at(dump.pull_requests, (row) =>
      text(row.title, row.state, row.locked, row.draft, row.head_sha, row.commits, row.updated_at),
    ),
    issues: at(dump.issues, (row) => text(row.title, row.state, row.locked, row.updated_at)),
    comments: at(dump.comments, (row) => text(row.body, row.updated_at)),
    reviews: at(dump.reviews, (row) => text(row.state, row.commit_sha)),
    deployments: at(dump.deployments, (row) => text(row.environment, row.sha, row.updated_at)),
    releases: at(dump.releases, (row) => text(row.tag_name, row.draft, row.updated_at)),
  };
  const stale: Record<string, number> = {};
  for (const [name, sql] of Object.entries(COMPARED)) {
    const rows = await store.sql.query(sql);
    const stored = new Map(rows.map((row) => Row.parse(row)).map(({ id, content }) => [id, content]));
    const wanted = Object.entries(expected).find(([key]) => key === name)?.[1] ?? new Map<string, string>();
    const wrong = [...wanted].filter(([id, content]) => stored.get(id) !== content).length;
    stale[name] = wrong + [...stored.keys()].filter((id) => !wanted.has(id)).length;
  }
  return stale;
}

/** As PostgreSQL writes it. */
function written(value: unknown): string {
  return typeof value === "boolean" ? (value ? "t" : "f") : String(value);
}
