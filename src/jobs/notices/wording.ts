import { z } from "zod";
import type { NoticeName } from "./settings.js";
import type { GitHubReader } from "../../github/reader.js";
import type { KnownRepository } from "../../store/repositories/find-repository.js";
import type { NoticeSubjects } from "../../store/notices/subjects.js";

/** The text of a notice, and the setting that enables it. */
export interface Wording {
  readonly name: NoticeName;
  /** Its subject within the repository. */
  readonly subject: string;
  readonly title: string;
  readonly detail: string;
  readonly severity: "info" | "warning";
}

/** The sources of the text: rows, and GitHub's web address. */
export interface Words {
  readonly rows: NoticeSubjects;
  readonly repository: KnownRepository;
  readonly serverUrl: string;
  readonly github: Pick<GitHubReader, "pullRequest">;
}

const Merge = z
  .object({ merged: z.boolean(), merged_by: z.object({ login: z.string() }).nullish() })
  .transform(({ merged, merged_by: by }) => ({ merged, merged_by_login: by?.login ?? null }));

const GONE = "the pull request, release or deployment was deleted";

const info = { severity: "info" } as const;

export async function merged(
  { rows, repository, serverUrl, github }: Words,
  number: number,
): Promise<Wording | string> {
  const pull = await rows.pull(repository.ref.id, number);
  if (!pull) return GONE;
  // After two changes within a second the row may be outdated until GitHub has been read.
  const seen = pull.merged ? pull : Merge.parse(await github.pullRequest(repository.ref, number));
  if (!seen.merged) return "the pull request is not merged";
  const title = `Merged: ${pull.title} (${repository.fullName}#${number})`;
  const by = seen.merged_by_login === null ? "" : `By ${seen.merged_by_login}. `;
  return {
    ...info,
    name: "merged",
    subject: String(number),
    title,
    detail: `${by}${pullUrl(serverUrl, repository, number)}`,
  };
}

export async function reviewed(
  { rows, repository, serverUrl }: Words,
  number: number,
  reviewId: bigint,
): Promise<Wording | string> {
  const [pull, review] = [await rows.pull(repository.ref.id, number), await rows.review(reviewId)];
  if (!pull || !review) return GONE;
  const state = review.state.toLowerCase();
  if (state !== "approved" && state !== "changes_requested") return `the state of the review is now ${state}`;
  const name = state === "approved" ? "approved" : "changesRequested";
  const what = state === "approved" ? "Approved" : "Changes requested";
  const title = `${what}: ${pull.title} (${repository.fullName}#${number})`;
  const detail = `By ${review.author_login ?? "somebody"}. ${pullUrl(serverUrl, repository, number)}`;
  return { ...info, name, subject: String(reviewId), title, detail };
}

export async function released({ rows, repository, serverUrl }: Words, releaseId: bigint): Promise<Wording | string> {
  const release = await rows.release(releaseId);
  if (!release) return GONE;
  if (release.draft) return "the release is a draft again";
  const named = release.name === null || release.name === release.tag_name ? "" : ` ${release.name}`;
  const title = `Released: ${repository.fullName} ${release.tag_name}${named}`;
  const detail = `${serverUrl}/${repository.fullName}/releases/tag/${encodeURIComponent(release.tag_name)}`;
  return { ...info, name: "released", subject: String(releaseId), title, detail };
}

export async function deployed(
  { rows, repository, serverUrl }: Words,
  deploymentId: bigint,
  statusId: bigint,
): Promise<Wording | string> {
  const [deployment, status] = [await rows.deployment(deploymentId), await rows.status(statusId)];
  if (!deployment || !status) return GONE;
  const success = status.state === "success";
  const what = success ? "Deployed" : "Deployment failed";
  const title = `${what}: ${repository.fullName} ${deployment.ref} to ${deployment.environment}`;
  const said = status.description === null ? "" : `${status.description}. `;
  const detail = `${said}${serverUrl}/${repository.fullName}/commit/${deployment.sha}`;
  const name = success ? "deployed" : "deploymentFailed";
  return { name, subject: String(statusId), title, detail, severity: success ? "info" : "warning" };
}

function pullUrl(serverUrl: string, { fullName }: KnownRepository, number: number): string {
  return `${serverUrl}/${fullName}/pull/${number}`;
}
