import type { RepositoryRef } from "../../domain.js";
import type { Annotation, Effect } from "../../effect.js";
import { mergeLayers } from "../../agents/settings/merge.js";
import { type Layer, parseSettings, type SettingsProblem } from "../../agents/settings/parse.js";
import { DEFAULT_SETTINGS, type Settings, settingsSchema } from "../../agents/settings/schema.js";
import type { GitHubClient } from "../../github/client.js";
import { readExtended } from "../../github/review/extended.js";
import type { ReviewContext } from "../../github/review/context.js";
import { keepSettings, lastGoodSettings } from "../../store/reviews/settings.js";
import type { Store } from "../../store/store.js";

export const SETTINGS_PATH = ".github/companyos.yml";
export const SETTINGS_CHECK = "companyos / settings";

export interface ReadSettings {
  readonly settings: Settings;
  /** By file, such as `acme/app:.github/companyos.yml`; empty: all is well. */
  readonly problems: readonly FileProblems[];
  /** Whose settings hold while there are problems. */
  readonly instead: string | null;
}

export interface FileProblems {
  readonly file: string;
  /** Of the repository itself: its lines can be annotated. */
  readonly own: boolean;
  readonly problems: readonly SettingsProblem[];
}

/**
 * The settings that hold: the repository's file over those that it extends, the organisation's unless it says otherwise.
 * With a problem in any of them the last good settings hold, or the defaults where there never were any.
 */
export async function readSettings(
  { store, client, now }: { readonly store: Store; readonly client: GitHubClient; readonly now: Date },
  tenant: { readonly installationId: bigint; readonly repository: RepositoryRef },
  texts: ReviewContext["settings"],
): Promise<ReadSettings> {
  const { repository, installationId } = tenant;
  const own = parsed(`${repository.owner}/${repository.name}`, texts.repository, true);
  const below = await layersBelow(client, repository, own.layer, texts.organisation);
  const files = [...below, own];
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
    await keep(settings, true);
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

interface ParsedFile extends FileProblems {
  readonly layer: Layer | null;
}

function parsed(name: string, text: string | null, own: boolean): ParsedFile {
  const { layer, problems } = parseSettings(text ?? "");
  return { file: `${name}:${SETTINGS_PATH}`, own, layer, problems };
}

/** Lowest first. `_extends` takes the place of the organisation's file, which has been read already. */
async function layersBelow(
  client: GitHubClient,
  repository: RepositoryRef,
  layer: Layer | null,
  organisation: string | null,
): Promise<readonly ParsedFile[]> {
  const named = layer?.["_extends"];
  const names = typeof named === "string" ? [named] : Array.isArray(named) ? named.map(String) : [".github"];
  const files: ParsedFile[] = [];
  for (const name of names) {
    const text = name === ".github" ? organisation : await readExtended(client, repository, name, SETTINGS_PATH);
    if (text === undefined) files.push(notThere(repository, name));
    else files.push(parsed(`${repository.owner}/${name}`, text, repository.name === name));
  }
  return files;
}

function notThere({ owner, name }: RepositoryRef, extended: string): ParsedFile {
  const problem = `the file of ${extended}, which this one extends, is not there or the App may not read it`;
  const problems = [{ line: 1, setting: "_extends", problem }];
  return { file: `${owner}/${name}:${SETTINGS_PATH}`, own: true, layer: null, problems };
}

/** One neutral check for all problems, each at its line. */
export function settingsCheck(
  repository: RepositoryRef,
  headSha: string,
  { problems, instead }: ReadSettings,
): readonly Effect[] {
  if (problems.length === 0) return [];
  const count = problems.reduce((sum, file) => sum + file.problems.length, 0);
  const lines = problems.flatMap(({ file, problems: all }) =>
    all.map(({ line, setting, problem }) => `- ${code(`${file}:${line}`)} ${code(setting)} ${code(problem)}`),
  );
  return [
    {
      kind: "check-run",
      repository,
      occasion: headSha,
      because: `the settings have ${count} ${count === 1 ? "problem" : "problems"}`,
      name: SETTINGS_CHECK,
      headSha,
      status: "completed",
      conclusion: "neutral",
      title: `${count} ${count === 1 ? "problem" : "problems"} in the settings`,
      summary: [`Until they are mended, ${instead} hold.`, lines.slice(0, 100).join("\n")].join("\n\n"),
      annotations: problems.flatMap(annotationsOf),
    },
  ];
}

function annotationsOf({ own, problems }: FileProblems): readonly Annotation[] {
  if (!own) return [];
  return problems.map(({ line, setting, problem }) => ({
    path: SETTINGS_PATH,
    startLine: line,
    endLine: line,
    level: "warning",
    title: "Settings",
    message: setting === "" ? problem : `${setting}: ${problem}`,
  }));
}

function code(text: string): string {
  return text === "" ? "" : `\`${text.replaceAll("`", "'").replaceAll(/\s+/g, " ").slice(0, 300)}\``;
}
