import { storableJson } from "../../text/storable.js";
import type { SettingsBook } from "../../settings/book.js";
import type { SettingsProblem } from "../../settings/parse.js";
import type { PositionOf } from "../../settings/position.js";
import type { Settings } from "../../settings/section.js";
import type { RepositoryRef } from "../../domain.js";
import type { GitHubClient } from "../../github/client.js";
import { readPlace } from "../../github/review/extended.js";
import type { ReviewContext } from "../../github/review/context.js";
import type { KnownRepository } from "../../store/repositories/find-repository.js";
import { keepSettings, lastGoodSettings } from "../../store/reviews/settings.js";
import type { Store } from "../../store/store.js";
import { readLayers, type SettingsFile, SETTINGS_PATH } from "./read-layers.js";

export { SETTINGS_PATH };

export interface ReadSettings {
  readonly settings: Settings;
  /** Empty: no problems. */
  readonly problems: readonly FileProblems[];
  /** The source of the settings in force while there are problems. */
  readonly instead: string | null;
}

export type FileProblems = Pick<SettingsFile, "file" | "own" | "problems">;

/** How every agent of this process reads settings. */
export interface SettingsSource {
  readonly book: SettingsBook;
  /** Problems that the schema cannot find, such as a pattern that no parser accepts. */
  check(settings: Settings, positionOf: PositionOf): Promise<readonly SettingsProblem[]>;
}

export interface SettingsReader extends SettingsSource {
  readonly store: Store;
  readonly client: GitHubClient;
  readonly now: Date;
}

/** The two default settings files, for work that has not read them with other data. */
export async function settingsTexts(
  client: GitHubClient,
  { owner, name }: RepositoryRef,
): Promise<ReviewContext["settings"]> {
  const textOf = async (of: string) => (await readPlace(client, { owner, name: of, path: SETTINGS_PATH })) ?? null;
  return { repository: await textOf(name), organisation: await textOf(".github") };
}

/**
 * The settings in force: the repository's file over the files that it extends, by default the organisation's. With a
 * problem in any file, the last good settings apply, or the defaults if no good ones were ever stored.
 */
export async function readSettings(
  { store, client, book, check, now }: SettingsReader,
  { installationId, ref: repository }: Pick<KnownRepository, "installationId" | "ref">,
  texts: ReviewContext["settings"],
): Promise<ReadSettings> {
  const files = await readLayers({ client, book, check, repository, texts });
  const problems = files.filter((file) => file.problems.length > 0);
  const keep = (settings: Settings, good: boolean) =>
    keepSettings(store.sql, {
      installationId,
      repositoryId: repository.id,
      settings: storableJson(settings),
      good,
      problems: storableJson(problems.map(({ file, problems: all }) => ({ file, problems: all }))),
      now,
    });
  if (problems.length === 0) {
    const settings = book.merge(...files.map(({ layer }) => layer ?? {}));
    await keep(settings, true);
    return { settings, problems, instead: null };
  }
  const last = await lastGoodSettings(store.sql, installationId, repository.id);
  // Stored by an earlier version, they may not match the current schema.
  const good = last && book.schema.safeParse(last.settings).data;
  const settings = good ?? book.defaults;
  await keep(settings, false);
  const instead = good && last ? `the settings of ${last.goodAt.toISOString()}` : "the defaults";
  return { settings, problems, instead };
}
