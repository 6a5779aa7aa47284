// SQL by hand: set-based, inside the transaction of the delivery, and without a row to read back.
import { z } from "zod";
import { termsOf } from "../../agents/triage/duplicates.js";
import { IssueBody, isPullRequest } from "../../facts/issue.js";
import { LabelBody } from "../../facts/label.js";
import { id } from "../../facts/scalars.js";
import { Author } from "../../facts/user.js";
import { storable } from "../../text/storable.js";
import type { Sql } from "../store.js";

const Opened = z.object({ action: z.literal("opened"), repository: z.object({ id }), issue: IssueBody });
const About = z.object({ number: z.int(), updated_at: z.iso.datetime({ offset: true }) });
const Labelled = z.object({
  action: z.enum(["labeled", "unlabeled"]),
  repository: z.object({ id }),
  label: LabelBody,
  sender: Author,
  issue: About.optional(),
  pull_request: About.optional(),
});

export interface Opening {
  readonly installationId: bigint;
  readonly repositoryId: number;
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly author: string | null;
  readonly association: string | null;
  readonly createdAt: string | Date;
}

/** Stores data that only deliveries contain: the original text, and who added or removed a label. */
export async function recordIssueHistory(sql: Sql, installationId: bigint, payload: unknown): Promise<void> {
  const opened = Opened.safeParse(payload).data;
  if (opened && !isPullRequest(opened.issue)) {
    const { issue, repository } = opened;
    await recordOpening(
      sql,
      {
        installationId,
        repositoryId: repository.id,
        number: issue.number,
        title: issue.title,
        body: issue.body ?? "",
        labels: (issue.labels ?? []).map(({ name }) => name),
        author: issue.user?.login ?? null,
        association: issue.author_association,
        createdAt: issue.created_at,
      },
      true,
    );
  }
  const labelled = Labelled.safeParse(payload).data;
  const about = labelled?.issue ?? labelled?.pull_request;
  if (!labelled || !about) return;
  const { repository, label, sender, action } = labelled;
  await sql.query(
    `INSERT INTO label_acts (installation_id, repository_id, number, label_id, label, added, by_login, by_bot, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
    [
      installationId,
      repository.id,
      about.number,
      label.id,
      label.name,
      action === "labeled",
      sender?.login ?? null,
      sender?.type === "Bot",
      about.updated_at,
    ],
  );
}

/** The distinct terms that an index holds for one issue. */
const MOST_TERMS = 600;

/** The original text is kept; a text that came from the mirror is replaced. */
export async function recordOpening(sql: Sql, opening: Opening, filed: boolean): Promise<void> {
  const terms = [...termsOf(opening).keys()].slice(0, MOST_TERMS);
  await sql.query(
    `INSERT INTO issue_openings AS o (installation_id, repository_id, number, title, body, labels, author_login,
       author_association, terms, filed, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (repository_id, number) DO UPDATE SET title = excluded.title, body = excluded.body,
       labels = excluded.labels, author_association = excluded.author_association, terms = excluded.terms, filed = true
     WHERE excluded.filed AND NOT o.filed`,
    [
      opening.installationId,
      opening.repositoryId,
      opening.number,
      storable(opening.title),
      storable(opening.body),
      opening.labels.map(storable),
      opening.author,
      opening.association,
      terms.map(storable),
      filed,
      opening.createdAt,
    ],
  );
}
