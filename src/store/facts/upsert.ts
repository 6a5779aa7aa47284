import { z } from "zod";
import { FACT_RESULTS, type FactResult } from "../../domain.js";
import type { VersionedFact } from "../../facts/fact.js";
import type { Sql } from "../store.js";
import { arrayLiteral } from "./array-literal.js";
import { contentHash } from "./content-hash.js";
import { rounds } from "./rounds.js";
import type { FactScope } from "./scope.js";
import { type Statement, upsertStatement } from "./statement.js";
import type { Guard, TableSpec } from "./table.js";

/** The result for one versioned fact. */
export interface Stored<F extends VersionedFact = VersionedFact> {
  readonly fact: F;
  readonly result: FactResult;
  /** The row existed with other content, and now has this fact's. */
  readonly won: boolean;
  /** The row's installation now; null for the installation's own row. */
  readonly owner: bigint | null;
  /** The row's previous installation, if it changed. */
  readonly formerOwner: bigint | null;
}

const Answer = z.object({
  id: z.string(),
  owner: z.coerce.bigint().nullable(),
  former_owner: z.coerce.bigint().nullable(),
  result: z.enum([...FACT_RESULTS, "raced"]),
  won: z.boolean().nullable(),
});
type Answer = z.infer<typeof Answer>;

/** Each repetition sees the commit of the transaction that raced with it. */
const RUNS = 5;

const statements = new Map<string, Statement>();

/** Stores facts of one table in one statement. Returns one result for each fact, in order. */
export async function upsert<F extends VersionedFact>(
  sql: Sql,
  spec: TableSpec,
  facts: readonly F[],
  scope: FactScope,
): Promise<readonly Stored<F>[]> {
  const stored = new Map<F, Stored<F>>();
  for (const round of rounds(facts, (fact) => String(fact.row.id))) {
    let left = round;
    for (let run = 1; left.length > 0; run += 1) {
      if (run > RUNS) throw new Error(`Rows of ${spec.table} kept changing under their upsert`);
      const answers = await write(sql, spec, left, scope);
      left = left.filter((fact) => {
        const answer = answers.get(String(fact.row.id));
        if (answer === undefined || answer.result === "raced") return true;
        const { result, won, owner, former_owner: formerOwner } = answer;
        stored.set(fact, { fact, result, won: won ?? false, owner, formerOwner });
        return false;
      });
    }
  }
  if (scope.without === "tombstone") await sql.query(`DELETE FROM ${spec.table} WHERE deleted_at IS NOT NULL`);
  return facts.flatMap((fact) => stored.get(fact) ?? []);
}

async function write(sql: Sql, spec: TableSpec, facts: readonly VersionedFact[], scope: FactScope) {
  const statement = statementOf(spec, scope.without ?? null);
  const tenant = spec.tenant ? [scope.installationId] : [];
  const records = facts.map((fact) => recordOf(spec, fact));
  const arrays = statement.columns.map(([column, type]) =>
    arrayLiteral(
      records.map((record) => record(column)),
      type,
    ),
  );
  const rows = await sql.query(statement.text, [scope.now, ...tenant, ...arrays], statement.name);
  return new Map<string, Answer>(rows.map((row) => Answer.parse(row)).map((answer) => [answer.id, answer]));
}

function statementOf(spec: TableSpec, without: Guard | null): Statement {
  const key = `${spec.table} ${without ?? ""}`;
  const known = statements.get(key);
  if (known !== undefined) return known;
  const built = upsertStatement(spec, without);
  statements.set(key, built);
  return built;
}

/** The value of a column in a fact's row. */
function recordOf(spec: TableSpec, fact: VersionedFact): (column: string) => unknown {
  const row: Readonly<Record<string, unknown>> = fact.row;
  const more = new Map<string, unknown>([
    ["observed_at", fact.observedAt],
    ["deleted", fact.deleted],
    ...spec.groups.map((group): [string, unknown] => [group.hash, contentHash(spec, group, fact)]),
  ]);
  return (column) => (more.has(column) ? more.get(column) : row[column]);
}
