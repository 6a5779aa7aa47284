import { z } from "zod";
import type { Outcome } from "../../domain.js";
import { id } from "../../facts/scalars.js";
import type { GitHubClient } from "../../github/client.js";
import { notifyOnce } from "../../store/alerts/notify-once.js";
import { noticeSubjects } from "../../store/notices/subjects.js";
import { lastGoodSettings } from "../../store/reviews/settings.js";
import { findRepository, type KnownRepository } from "../../store/repositories/find-repository.js";
import { type DefinedJob, defineJob } from "../define-job.js";
import type { JobContext } from "../job.js";
import {
  readSettings,
  type SettingsReader,
  settingsTexts,
  type SettingsSource,
} from "../../runs/settings/read-settings.js";
import { sectionOf, type Settings } from "../../settings/section.js";
import { NOTICES } from "./settings.js";
import { deployed, merged, released, reviewed, type Wording, type Words } from "./wording.js";

export interface NoticeOptions {
  client(installationId: bigint): GitHubClient;
  readonly settings: SettingsSource;
  /** GitHub's web address, for links. */
  readonly serverUrl: string;
}

const ATTEMPTS = 6;
const Pull = z.object({ repositoryId: id, number: z.int() });
const Review = Pull.extend({ reviewId: id });
const Release = z.object({ repositoryId: id, releaseId: id });
const Status = z.object({ repositoryId: id, deploymentId: id, statusId: id });

/** Notices of ordinary events, sent to the same places as alerts: off, unless a repository's settings enable them. */
export function noticeJobs(options: NoticeOptions): readonly DefinedJob[] {
  const shared = { queue: "agents", attempts: ATTEMPTS } as const;
  const deployment = (name: string): DefinedJob =>
    defineJob({
      ...shared,
      name,
      payload: Status,
      key: ({ statusId }) => String(statusId),
      run: ({ repositoryId, deploymentId, statusId }, context) =>
        tell(options, context, repositoryId, (words) => deployed(words, BigInt(deploymentId), BigInt(statusId))),
    });
  return [
    defineJob({
      ...shared,
      name: "notify-merged",
      payload: Pull,
      key: ({ repositoryId, number }) => `${repositoryId}/${number}`,
      run: ({ repositoryId, number }, context) =>
        tell(options, context, repositoryId, (words) => merged(words, number)),
    }),
    defineJob({
      ...shared,
      name: "notify-review",
      payload: Review,
      key: ({ reviewId }) => String(reviewId),
      run: ({ repositoryId, number, reviewId }, context) =>
        tell(options, context, repositoryId, (words) => reviewed(words, number, BigInt(reviewId))),
    }),
    defineJob({
      ...shared,
      name: "announce",
      payload: Release,
      key: ({ releaseId }) => String(releaseId),
      run: ({ repositoryId, releaseId }, context) =>
        tell(options, context, repositoryId, (words) => released(words, BigInt(releaseId))),
    }),
    deployment("notify-deployed"),
    deployment("alert-deployment"),
  ];
}

async function tell(
  { client, settings: source, serverUrl }: NoticeOptions,
  context: JobContext,
  repositoryId: number,
  wordingOf: (words: Words) => Promise<Wording | string>,
): Promise<Outcome> {
  const { store, clock } = context;
  const repository = await findRepository(store.sql, repositoryId);
  if (!repository) return { status: "skipped", reason: "the repository is not stored" };
  const { ref, installationId } = repository;
  const rows = noticeSubjects(store.sql, installationId);
  const wording = await wordingOf({ rows, repository, serverUrl, github: context.github() });
  if (typeof wording === "string") return { status: "skipped", reason: wording };
  const now = clock.now();
  const settings = await settingsOf({ ...source, store, client: client(installationId), now }, repository);
  const { name, subject, title, detail, severity } = wording;
  if (!sectionOf(settings, NOTICES)[name])
    return { status: "skipped", reason: `notices.${name} is off for this repository` };
  const key = `notice/${name}/${ref.id}/${subject}`;
  const isNew = await notifyOnce(store.sql, { key, severity, installationId, title, detail }, now);
  return { status: "done", reason: isNew ? `sent the notice ${name}` : `the notice ${name} was sent before` };
}

/** Deployments come in bursts, so recently read settings are reused. */
const FRESH_MS = 10 * 60_000;

async function settingsOf(reader: SettingsReader, repository: KnownRepository): Promise<Settings> {
  const { store, client, book, now } = reader;
  const { ref, installationId } = repository;
  const last = await lastGoodSettings(store.sql, installationId, ref.id);
  const fresh = last && now.getTime() - last.goodAt.getTime() < FRESH_MS;
  const stored = fresh ? book.schema.safeParse(last.settings).data : undefined;
  return stored ?? (await readSettings(reader, repository, await settingsTexts(client, ref))).settings;
}
