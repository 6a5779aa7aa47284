import { storableJson } from "../../text/storable.js";
import { z } from "zod";
import type { FactResult } from "../../domain.js";
import type { Fact } from "../../facts/fact.js";
import type { Sql } from "../store.js";
import { contentHash } from "./content-hash.js";
import { lookUp } from "./look-up.js";
import { changes } from "./newer.js";
import type { FactScope } from "./scope.js";
import { LABELS, matters, USERS } from "./seen.js";
import type { Guard } from "./table.js";
import { TABLES } from "./tables.js";

/** The unchanged repository, people and labels of a delivery, which need no write and no lock. */
export interface KnownSurroundings {
  readonly results: ReadonlyMap<Fact, FactResult>;
  /** The installations of the known repositories. */
  readonly owners: readonly bigint[];
}

const Row = z.object({
  at: z.number(),
  owner: z.coerce.bigint().nullable(),
  result: z.enum(["unchanged", "stale"]),
});

/**
 * Nearly every delivery repeats a repository, people and labels that are stored already. One read finds those; the
 * others go through the statement of their table, which decides again.
 */
export async function knownSurroundings(
  sql: Sql,
  facts: readonly Fact[],
  { installationId, without }: FactScope,
): Promise<KnownSurroundings> {
  const results = new Map<Fact, FactResult>();
  const owners: bigint[] = [];
  const parts = (["repository", "user", "label"] as const).map((entity) =>
    facts.flatMap((fact, at) => (fact.entity === entity ? [recordOf(fact, at)] : [])),
  );
  if (parts.every((part) => part.length === 0)) return { results, owners };
  const values = [installationId, ...parts.map((part) => storableJson(part))];
  const name = `facts-surroundings${without === undefined ? "" : `-without-${without}`}`;
  for (const found of await sql.query(statementOf(without ?? null), values, name)) {
    const { at, owner, result } = Row.parse(found);
    const fact = facts[at];
    if (fact !== undefined) results.set(fact, result);
    if (owner !== null) owners.push(owner);
  }
  return { results, owners };
}

function recordOf(fact: Fact, at: number): object {
  if (fact.entity !== "repository") return { ...fact.row, at };
  const { row, observedAt, deleted } = fact;
  const { id, updated_at, pushed_at } = row;
  const content_hash = contentHash(TABLES.repository, TABLES.repository.groups[0], fact);
  return { at, id, updated_at, pushed_at, content_hash, observed_at: observedAt, deleted };
}

/** $1 the installation, then repositories, people and labels as JSON. */
function statementOf(without: Guard | null): string {
  const seen = (of: typeof USERS, parameter: string) => `
SELECT i.at, NULL, 'unchanged'
FROM (SELECT $1::bigint AS installation_id, i.*
  FROM json_to_recordset(${parameter}::json) AS i(at int, id bigint, ${of.columns}, seen_at timestamptz)) i
${lookUp(of.table, "t", "found.id = i.id")} WHERE t.id IS NOT NULL AND NOT ${matters(of, "i")}`;
  return `
SELECT i.at, t.installation_id::text AS owner,
  CASE WHEN i.updated_at = t.updated_at THEN 'unchanged' ELSE 'stale' END AS result
FROM (SELECT i.*, CASE WHEN i.deleted THEN now() END AS deleted_at FROM json_to_recordset($2::json)
    AS i(at int, id bigint, updated_at timestamptz, pushed_at timestamptz, content_hash text, observed_at timestamptz,
      deleted boolean)) i
${lookUp("repositories", "t", "found.id = i.id")}
WHERE t.id IS NOT NULL AND NOT ${changes(TABLES.repository, "i", "t", without)}
  AND (i.updated_at <> t.updated_at OR i.content_hash = t.content_hash)
UNION ALL ${seen(USERS, "$3")}
UNION ALL ${seen(LABELS, "$4")}`;
}
