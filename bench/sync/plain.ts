import type { Fact } from "../../src/facts/fact.js";
import type { Sql, Store } from "../../src/store/store.js";

interface PlainTable {
  readonly table: string;
  readonly key: readonly string[];
  rows(facts: readonly Fact[]): readonly Readonly<Record<string, unknown>>[];
}

const of = (facts: readonly Fact[], entity: Fact["entity"]): readonly object[] =>
  facts.filter((fact) => fact.entity === entity).map(({ row }) => row);
const tenant = (rows: readonly object[], more: object = {}) =>
  rows.map((row) => ({ ...row, ...more, installation_id: 1 }));

function links(
  facts: readonly Fact[],
  set: "labels" | "assignees" | "reviewers" | "teams",
  parent: string,
  more: object = {},
) {
  return facts.flatMap((fact) => {
    if (fact.entity !== "pull_request") return [];
    return tenant(fact.sets[set] ?? [], { [parent]: fact.row.id, ...more });
  });
}

/** Every table that a page of pull requests goes to. */
const TABLES: readonly PlainTable[] = [
  { table: "users", key: ["id"], rows: (facts) => distinct(tenant(of(facts, "user"))) },
  {
    table: "labels",
    key: ["id"],
    rows: (facts) => distinct(tenant(of(facts, "label"))),
  },
  {
    table: "pull_requests",
    key: ["id"],
    rows: (facts) => tenant(of(facts, "pull_request"), { content_hash: "", details_hash: "", checks_state: null }),
  },
  {
    table: "pull_request_labels",
    key: ["pull_request_id", "label_id"],
    rows: (facts) => links(facts, "labels", "pull_request_id"),
  },
  {
    table: "assignees",
    key: ["subject_type", "subject_id", "user_id"],
    rows: (facts) => links(facts, "assignees", "subject_id", { subject_type: "pull_request" }),
  },
  {
    table: "review_requests",
    key: ["pull_request_id", "reviewer_type", "reviewer_id"],
    rows: (facts) => [
      ...links(facts, "reviewers", "pull_request_id", { reviewer_type: "user" }),
      ...links(facts, "teams", "pull_request_id", { reviewer_type: "team" }),
    ],
  },
  { table: "reviews", key: ["id"], rows: (facts) => tenant(of(facts, "review"), { content_hash: "" }) },
];

/** The same rows of a page by nothing but `INSERT … VALUES … ON CONFLICT DO UPDATE`, one statement a table. */
export function plainUpsert(store: Store, facts: readonly Fact[]): Promise<void> {
  return store.transaction(async (sql) => {
    for (const { table, key, rows } of TABLES) await upsert(sql, table, key, rows(facts));
  });
}

async function upsert(
  sql: Sql,
  table: string,
  key: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first);
  const values = rows.map(
    (_row, index) => `(${columns.map((_column, at) => `$${index * columns.length + at + 1}`).join(", ")})`,
  );
  await sql.query(
    `INSERT INTO ${table} (${columns.join(", ")}) VALUES ${values.join(", ")} ON CONFLICT (${key.join(", ")})
     DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(", ")}`,
    rows.flatMap((row) => columns.map((column) => row[column])),
  );
}

function distinct<T extends Readonly<Record<string, unknown>>>(rows: readonly T[]): readonly T[] {
  return [...new Map(rows.map((row) => [row["id"], row])).values()];
}
