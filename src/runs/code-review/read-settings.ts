import type { Inspector } from "../../agents/code-review/inspect/inspector.js";
import { mergeLayers } from "../../settings/merge.js";
import { DEFAULT_SETTINGS, type Settings, settingsSchema } from "../../settings/schema.js";
import type { RepositoryRef } from "../../domain.js";
import type { GitHubClient } from "../../github/client.js";
import { readPlace } from "../../github/review/extended.js";
import type { ReviewContext } from "../../github/review/context.js";
import { keepSettings, lastGoodSettings } from "../../store/reviews/settings.js";
import type { Store } from "../../store/store.js";
import { readLayers, type SettingsFile, SETTINGS_PATH } from "./read-layers.js";

export { SETTINGS_PATH };

export interface ReadSettings {
  readonly settings: Settings;
  /** Empty: all is well. */
  readonly problems: readonly FileProblems[];
  /** Whose settings hold while there are problems. */
  readonly instead: string | null;
}

export type FileProblems = Pick<SettingsFile, "file" | "own" | "problems">;

export interface SettingsReader {
  readonly store: Store;
  readonly client: GitHubClient;
  /** Tries the settings' own rules. Without it they are taken as they are, and not kept as good ones. */
  readonly inspector: Inspector | null;
  readonly now: Date;
}

/** Both files that settings are made of unless they say otherwise, for work that has not read them with other things. */
export async function settingsTexts(
  client: GitHubClient,
  { owner, name }: RepositoryRef,
): Promise<ReviewContext["settings"]> {
  const textOf = async (of: string) => (await readPlace(client, { owner, name: of, path: SETTINGS_PATH })) ?? null;
  return { repository: await textOf(name), organisation: await textOf(".github") };
}

/**
 * The settings that hold: the repository's file over those that it extends, the organisation's unless it says otherwise.
 * With a problem in any of them the last good settings hold, or the defaults where there never were any.
 */
export async function readSettings(
  { store, client, inspector, now }: SettingsReader,
  tenant: { readonly installationId: bigint; readonly repository: RepositoryRef },
  texts: ReviewContext["settings"],
): Promise<ReadSettings> {
  const { repository, installationId } = tenant;
  const files = await readLayers({ client, inspector, repository, texts });
  const problems = files.filter((file) => file.problems.length > 0);
  const keep = (settings: Settings, good: boolean) =>
    keepSettings(store.sql, {
      installationId,
      repositoryId: repository.id,
      settings: JSON.stringify(settings),
      good,
      problems: JSON.stringify(problems.map(({ file, problems: all }) => ({ file, problems: all }))),
      now,
    });
  if (problems.length === 0) {
    const settings = mergeLayers(...files.map(({ layer }) => layer ?? {}));
    if (!files.some(({ untried }) => untried)) await keep(settings, true);
    return { settings, problems, instead: null };
  }
  const last = await lastGoodSettings(store.sql, installationId, repository.id);
  // Kept by an earlier version, they may not pass today's schema.
  const good = last && settingsSchema.safeParse(last.settings).data;
  const settings = good ?? DEFAULT_SETTINGS;
  await keep(settings, false);
  const instead = good && last ? `the settings of ${last.goodAt.toISOString()}` : "the defaults";
  return { settings, problems, instead };
}
