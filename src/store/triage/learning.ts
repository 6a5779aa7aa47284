// SQL by hand: set-based reads over a repository's whole history.
import { z } from "zod";
import { type LabelModel, type LabelledIssue, labelModel, MOST_ISSUES } from "../../agents/triage/label-model.js";
import { storableJson } from "../../text/storable.js";
import type { Sql } from "../store.js";
import { recordOpening } from "./history.js";

interface InRepository {
  readonly installationId: bigint;
  readonly repositoryId: bigint;
}

const Missing = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  author_login: z.string().nullable(),
  author_association: z.string().nullable(),
  created_at: z.date(),
});

const BATCH = 500;

/**
 * Issues of the mirror without a delivery: their present text is used.
 * @returns how many were added.
 */
export async function backfillOpenings(sql: Sql, scope: InRepository, pause: () => Promise<void>): Promise<number> {
  const { installationId, repositoryId } = scope;
  for (let added = 0; ;) {
    const rows = await sql.query(
      `SELECT i.number, i.title, i.body, i.author_login, i.author_association, i.created_at FROM issues i
       WHERE i.installation_id = $1 AND i.repository_id = $2 AND i.deleted_at IS NULL AND NOT EXISTS (
         SELECT FROM issue_openings o WHERE o.repository_id = i.repository_id AND o.number = i.number)
       ORDER BY i.number DESC LIMIT $3`,
      [installationId, repositoryId, BATCH],
    );
    for (const row of rows) {
      const {
        body,
        author_login: author,
        author_association: association,
        created_at: createdAt,
        ...issue
      } = Missing.parse(row);
      const opening = { ...issue, body: body ?? "", labels: [], author, association, createdAt };
      await recordOpening(sql, { installationId, repositoryId: Number(repositoryId), ...opening }, false);
    }
    added += rows.length;
    await pause();
    if (rows.length < BATCH || added >= MOST_ISSUES) return added;
  }
}

const Labelled = z.object({ title: z.string(), body: z.string(), labels: z.array(z.string()) });

/**
 * Issues with a label set by a person, oldest first. A label counts if a person made its last change, or if no change
 * is known and no effect of this App set it.
 */
export async function labelledHistory(
  sql: Sql,
  { installationId, repositoryId }: InRepository,
): Promise<readonly LabelledIssue[]> {
  const rows = await sql.query(
    `WITH last AS (
       SELECT DISTINCT ON (number, label_id) number, label_id, by_bot FROM label_acts
       WHERE installation_id = $1 AND repository_id = $2 AND added ORDER BY number, label_id, at DESC),
     ours AS (
       SELECT e.target, jsonb_array_elements_text(e.request->'add') AS label FROM effects e
       WHERE e.installation_id = $1 AND e.repository_id = $2 AND e.kind = 'labels' AND e.status IN ('done', 'adopted')),
     truth AS (
       SELECT i.number, array_agg(l.name ORDER BY l.name) AS labels FROM issues i JOIN issue_labels l ON l.issue_id = i.id
       LEFT JOIN last ON last.number = i.number AND last.label_id = l.label_id
       WHERE i.installation_id = $1 AND i.repository_id = $2 AND i.deleted_at IS NULL
         AND CASE WHEN last.number IS NOT NULL THEN NOT last.by_bot ELSE NOT EXISTS (
           SELECT FROM ours WHERE ours.target = '#' || i.number || '/labels' AND lower(ours.label) = lower(l.name)) END
       GROUP BY i.number)
     SELECT * FROM (
       SELECT o.number, o.title, o.body, truth.labels, o.created_at FROM issue_openings o JOIN truth ON truth.number = o.number
       WHERE o.installation_id = $1 AND o.repository_id = $2 ORDER BY o.created_at DESC, o.number DESC LIMIT $3) newest
     ORDER BY created_at, number`,
    [installationId, repositoryId, MOST_ISSUES],
  );
  return rows.map((row) => Labelled.parse(row));
}

export interface StoredModel {
  readonly model: LabelModel;
  readonly trainedAt: Date;
}

/** Null: none was trained, or this version cannot read it. */
export async function findModel(sql: Sql, { installationId, repositoryId }: InRepository): Promise<StoredModel | null> {
  const [row] = await sql.query(
    "SELECT model, trained_at FROM label_models WHERE installation_id = $1 AND repository_id = $2",
    [installationId, repositoryId],
  );
  const model = labelModel.safeParse(row?.["model"]).data;
  return model ? { model, trainedAt: z.date().parse(row?.["trained_at"]) } : null;
}

export async function saveModel(
  sql: Sql,
  scope: InRepository,
  model: LabelModel,
  reason: string,
  now: Date,
): Promise<void> {
  await sql.query(
    `INSERT INTO label_models (repository_id, installation_id, model, reason, trained_at)
     VALUES ($1, $2, $3::jsonb, $4, $5)
     ON CONFLICT (repository_id) DO UPDATE SET installation_id = excluded.installation_id, model = excluded.model,
       reason = excluded.reason, trained_at = excluded.trained_at`,
    [scope.repositoryId, scope.installationId, storableJson(model), reason, now],
  );
}

const Due = z.object({
  installation_id: z.coerce.bigint(),
  repository_id: z.coerce.number(),
  target: z.number().nullable(),
});

export interface RepositoryToTrain {
  readonly installationId: bigint;
  readonly repositoryId: number;
  /** The precision for which the model was trained; null: no model. */
  readonly target: number | null;
}

/** Repositories whose issues changed since the training, or with issues and no model. */
export async function repositoriesToTrain(sql: Sql): Promise<readonly RepositoryToTrain[]> {
  const rows = await sql.query(
    `SELECT r.installation_id::text, r.id::text AS repository_id, (m.model->>'target')::float AS target
     FROM repositories r
     JOIN installations n ON n.id = r.installation_id AND n.deleted_at IS NULL AND n.suspended_at IS NULL
     LEFT JOIN label_models m ON m.repository_id = r.id
     WHERE r.deleted_at IS NULL AND r.access_removed_at IS NULL AND NOT r.archived AND EXISTS (
       SELECT FROM issues i WHERE i.repository_id = r.id AND i.deleted_at IS NULL
         AND i.updated_at > coalesce(m.trained_at, '-infinity')) ORDER BY r.id`,
  );
  return rows
    .map((row) => Due.parse(row))
    .map(({ installation_id: installationId, repository_id: repositoryId, target }) => ({
      installationId,
      repositoryId,
      target,
    }));
}
