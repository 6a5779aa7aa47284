import type { Layer, SettingsProblem } from "../../settings/parse.js";
import type { PositionOf } from "../../settings/position.js";
import type { SettingsBook } from "../../settings/book.js";
import type { Settings } from "../../settings/section.js";
import type { RepositoryRef } from "../../domain.js";
import type { GitHubClient } from "../../github/client.js";
import { type Place, placeOf, readPlace } from "../../github/review/extended.js";
import type { ReviewContext } from "../../github/review/context.js";

export const SETTINGS_PATH = ".github/companyos.yml";
/** The longest chain of files that extend each other. */
const DEEPEST = 3;

export interface SettingsFile {
  /** Such as `acme/app:.github/companyos.yml`. */
  readonly file: string;
  /** Whether the file belongs to the repository itself: then its text may be shown and its lines annotated. */
  readonly own: boolean;
  readonly layer: Layer | null;
  readonly problems: readonly SettingsProblem[];
}

export interface LayerReader {
  readonly client: GitHubClient;
  readonly book: SettingsBook;
  /** Problems that the schema cannot find. */
  check(settings: Settings, positionOf: PositionOf): Promise<readonly SettingsProblem[]>;
  readonly repository: RepositoryRef;
  readonly texts: ReviewContext["settings"];
}

/**
 * The repository's file and the files that it extends, the most general first. `_extends` is followed from file to
 * file; without `_extends` the repository's file extends the organisation's.
 */
export async function readLayers(reader: LayerReader): Promise<readonly SettingsFile[]> {
  const { repository, texts } = reader;
  const own = { owner: repository.owner, name: repository.name, path: SETTINGS_PATH };
  const file = await fileOf(reader, own, texts.repository, true);
  const named = extendedBy(file.layer);
  const below = named ?? (nameOf(own) === nameOf(organisationOf(repository)) ? [] : [".github"]);
  return [...(await follow(reader, below, { place: own, above: [nameOf(own)] })), file];
}

interface From {
  readonly place: Place;
  /** The chain of files up to this one, starting with the repository's own. */
  readonly above: readonly string[];
}

async function follow(reader: LayerReader, names: readonly string[], from: From): Promise<readonly SettingsFile[]> {
  const files: SettingsFile[] = [];
  for (const name of names) files.push(...(await extended(reader, name, from)));
  return files;
}

async function extended(reader: LayerReader, name: string, { place, above }: From): Promise<readonly SettingsFile[]> {
  const found = placeOf(place.owner, name, SETTINGS_PATH);
  if (!found)
    return [wrong(place, above, `${name} names no settings file (\`repository\` or \`owner/repository:path.yml\`)`)];
  if (above.includes(nameOf(found)))
    return [wrong(place, above, `${name} extends this file again: the chain is a loop`)];
  if (above.length > DEEPEST) return [wrong(place, above, `more than ${DEEPEST} files extend each other`)];
  const { repository, texts, client } = reader;
  const isRead = nameOf(found) === nameOf(organisationOf(repository));
  const text = isRead ? texts.organisation : await readPlace(client, found);
  if (text === undefined)
    return [wrong(place, above, `this file extends ${name}, which does not exist or which the App cannot read`)];
  const file = await fileOf(reader, found, text, false);
  const next = { place: found, above: [...above, nameOf(found)] };
  return [...(await follow(reader, extendedBy(file.layer) ?? [], next)), file];
}

async function fileOf(
  source: Pick<LayerReader, "book" | "check">,
  place: Place,
  text: string | null,
  own: boolean,
): Promise<SettingsFile> {
  return { file: `${place.owner}/${place.name}:${place.path}`, own, ...(await readLayer(source, text ?? "")) };
}

/** One file alone: its layer, and all of its problems. */
export async function readLayer(
  { book, check }: Pick<LayerReader, "book" | "check">,
  text: string,
): Promise<Pick<SettingsFile, "layer" | "problems">> {
  const parsed = book.parse(text);
  if (!parsed.layer) return { layer: null, problems: parsed.problems };
  const { layer, positionOf } = parsed;
  return { layer, problems: await check(book.schema.parse(layer), positionOf) };
}

function wrong(place: Place, above: readonly string[], problem: string): SettingsFile {
  const file = `${place.owner}/${place.name}:${place.path}`;
  const problems = [{ line: 1, column: 1, setting: "_extends", problem }];
  return { file, own: above.length === 1, layer: null, problems };
}

/** Null: the file does not set it. */
function extendedBy(layer: Layer | null): readonly string[] | null {
  const named = layer?.["_extends"];
  if (typeof named === "string") return [named];
  return Array.isArray(named) ? named.map(String) : null;
}

function organisationOf({ owner }: RepositoryRef): Place {
  return { owner, name: ".github", path: SETTINGS_PATH };
}

function nameOf({ owner, name, path }: Place): string {
  return `${owner}/${name}:${path}`.toLowerCase();
}
