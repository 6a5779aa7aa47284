import type { GitHubClient } from "../../github/client.js";
import type { JobContext } from "../../jobs/job.js";
import type { KnownRepository } from "../../store/repositories/find-repository.js";
import { permissionsOf } from "../../store/reviews/permissions.js";
import { lastGoodSettings } from "../../store/reviews/settings.js";
import type { Store } from "../../store/store.js";
import { mayRead } from "../permissions.js";
import { type ReadSettings, readSettings, settingsTexts, type SettingsSource } from "./read-settings.js";

/**
 * The settings on a repository's default branch now, for work that reads no pull request. Without the permission to
 * read them: the last good settings.
 */
export async function currentSettings(
  { store, clock }: Pick<JobContext, "store" | "clock">,
  source: SettingsSource,
  client: GitHubClient,
  repository: KnownRepository,
): Promise<ReadSettings> {
  const { installationId, ref } = repository;
  if (!mayRead(await permissionsOf(store.sql, installationId), "contents"))
    return lastSettings(store, source, repository);
  const reader = { ...source, store, client, now: clock.now() };
  return readSettings(reader, repository, await settingsTexts(client, ref));
}

/** The last good settings of a repository, or the defaults, without a call to GitHub. */
export async function lastSettings(
  { sql }: Pick<Store, "sql">,
  { book }: SettingsSource,
  { installationId, ref }: KnownRepository,
): Promise<ReadSettings> {
  const last = await lastGoodSettings(sql, installationId, ref.id);
  const settings = (last && book.schema.safeParse(last.settings).data) ?? book.defaults;
  return { settings, problems: [], instead: "the last good settings" };
}
