// SQL by hand: sets of the ledger, grouped by target.
import { z } from "zod";
import type { Sql } from "../store.js";

/** The selection of effects to undo: all given conditions must match. */
export interface UndoSelection {
  readonly installationId: bigint;
  /** Effects after this time stay. */
  readonly until: Date;
  readonly since: Date | null;
  /** Only these intents; null: any. */
  readonly intents: readonly string[] | null;
  /** Only effects on this label, and of them only the label. */
  readonly label: string | null;
  /** Only reviews with comments of this rule, and of them only these comments. */
  readonly rule: string | null;
  readonly repositoryId: bigint | null;
  /** An issue or pull request of the repository. */
  readonly number: number | null;
}

/** The effects on one target. */
export interface UndoTarget {
  readonly repositoryId: bigint;
  readonly owner: string;
  readonly name: string;
  readonly target: string;
  readonly kind: string;
  /** Oldest first. */
  readonly intents: readonly string[];
}

const Target = z
  .object({
    repository_id: z.coerce.bigint(),
    owner_login: z.string(),
    name: z.string(),
    target: z.string(),
    kind: z.string(),
    intents: z.array(z.string()),
  })
  .transform(({ repository_id: repositoryId, owner_login: owner, ...rest }) => ({ ...rest, repositoryId, owner }));

/** The rule named in a review's comment. */
export function markOfRule(rule: string): string {
  return `\`/ignore ${rule}\``;
}

/** The condition that narrows an undo of this selection, as in `request.only`; null: none. */
export function partOf({ label, rule }: UndoSelection): readonly string[] | null {
  if (label !== null) return [label];
  return rule === null ? null : [markOfRule(rule)];
}

/** How an undo ends that is not tried again on the same occasion. */
const ENDED = `(u.status IN ('done', 'adopted', 'cancelled', 'dry-run', 'blocked')
  OR (u.status = 'failed' AND u.error_kind IN ('gone', 'invalid', 'forbidden')))`;

/**
 * The targets of a selection without an undo on this occasion, newest effects first. Effects that an earlier undo
 * removed completely are not selected again.
 */
export async function targetsToUndo(
  sql: Sql,
  selection: UndoSelection,
  occasion: string,
  most: number,
): Promise<readonly UndoTarget[]> {
  const { installationId, until, since, intents, label, rule, repositoryId, number } = selection;
  const rows = await sql.query(
    `SELECT e.repository_id::text, r.owner_login, r.name, e.target, min(e.kind) AS kind, array_agg(e.intent ORDER BY e.id) AS intents
     FROM effects e JOIN repositories r ON r.id = e.repository_id AND r.installation_id = $1 AND r.deleted_at IS NULL
     WHERE e.installation_id = $1 AND e.status IN ('done', 'adopted') AND e.kind <> 'undo' AND e.created_at <= $2
       AND ($3::timestamptz IS NULL OR e.created_at >= $3)
       AND ($4::text[] IS NULL OR e.intent = ANY ($4))
       AND ($5::text IS NULL OR (e.kind = 'labels' AND EXISTS (
         SELECT FROM jsonb_array_elements_text((e.request->'add') || (e.request->'remove')) AS l WHERE lower(l) = lower($5))))
       AND ($6::text IS NULL OR (e.kind = 'review' AND strpos(e.request->>'comments', $6) > 0))
       AND ($7::bigint IS NULL OR e.repository_id = $7)
       AND ($8::int IS NULL OR e.target LIKE '#' || $8 || '/%' OR e.job_id IN (
         SELECT j.id FROM jobs j WHERE j.repository_id = $7 AND j.number = $8))
       AND NOT EXISTS (SELECT FROM effects u WHERE u.repository_id = e.repository_id AND u.target = e.target AND u.kind = 'undo'
         AND ((u.request->>'occasion' = $9 AND ${ENDED})
           OR (u.request->>'occasion' <> $9 AND u.status IN ('done', 'adopted') AND u.request->'of' ? e.intent
             AND jsonb_typeof(u.request->'only') = 'null')))
     GROUP BY e.repository_id, r.owner_login, r.name, e.target ORDER BY max(e.id) DESC LIMIT $10`,
    [
      installationId,
      until,
      since,
      intents === null ? null : [...intents],
      label,
      rule === null ? null : markOfRule(rule),
      repositoryId,
      number,
      occasion,
      most,
    ],
  );
  return rows.map((row) => Target.parse(row));
}

const Count = z.object({ status: z.string(), targets: z.int(), effects: z.coerce.number() });

/** The results of an undo, by the status of its rows. */
export async function undoneOn(
  sql: Sql,
  { installationId, until }: Pick<UndoSelection, "installationId" | "until">,
  occasion: string,
): Promise<readonly z.output<typeof Count>[]> {
  const rows = await sql.query(
    `SELECT status, count(*)::int AS targets, sum(jsonb_array_length(request->'of')) AS effects FROM effects
     WHERE installation_id = $1 AND kind = 'undo' AND created_at >= $2 AND request->>'occasion' = $3 GROUP BY status ORDER BY status`,
    [installationId, until, occasion],
  );
  return rows.map((row) => Count.parse(row));
}

const RunRow = z.object({ installation_id: z.coerce.bigint(), decision: z.unknown() });

/** The installation and the stored decision of a run; null: no such run. */
export async function decisionOfRun(
  sql: Sql,
  runId: bigint,
): Promise<{ readonly installationId: bigint; readonly decision: unknown } | null> {
  const [row] = await sql.query("SELECT installation_id::text, decision FROM agent_runs WHERE id = $1", [runId]);
  if (!row) return null;
  const { installation_id: installationId, decision } = RunRow.parse(row);
  return { installationId, decision };
}
