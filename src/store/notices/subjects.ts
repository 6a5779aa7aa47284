import { z } from "zod";
import type { Sql } from "../store.js";

const Pull = z.object({
  number: z.int(),
  title: z.string(),
  merged: z.boolean(),
  merged_by_login: z.string().nullable(),
});
const Review = z.object({ state: z.string(), author_login: z.string().nullable() });
const Release = z.object({ tag_name: z.string(), name: z.string().nullable(), draft: z.boolean() });
const Deployment = z.object({ environment: z.string(), ref: z.string(), sha: z.string() });
const Status = z.object({ state: z.string(), description: z.string().nullable() });

/** The rows that notices are about, within one installation. Null: deleted, or never stored. */
export function noticeSubjects(sql: Sql, installationId: bigint) {
  const one = async <T>(schema: z.ZodType<T>, text: string, values: readonly unknown[]): Promise<T | null> => {
    const [row] = await sql.query(`${text} AND installation_id = $1 AND deleted_at IS NULL`, [
      installationId,
      ...values,
    ]);
    return row ? schema.parse(row) : null;
  };
  return {
    pull: (repositoryId: bigint, number: number) =>
      one(Pull, "SELECT * FROM pull_requests WHERE repository_id = $2 AND number = $3", [repositoryId, number]),
    review: (reviewId: bigint) => one(Review, "SELECT * FROM reviews WHERE id = $2", [reviewId]),
    release: (releaseId: bigint) => one(Release, "SELECT * FROM releases WHERE id = $2", [releaseId]),
    deployment: (deploymentId: bigint) => one(Deployment, "SELECT * FROM deployments WHERE id = $2", [deploymentId]),
    status: (statusId: bigint) => one(Status, "SELECT * FROM deployment_statuses WHERE id = $2", [statusId]),
  };
}
export type NoticeSubjects = ReturnType<typeof noticeSubjects>;
