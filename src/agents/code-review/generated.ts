import { globs } from "../glob.js";
import type { ChangedFile } from "./change.js";

const MARKERS = [
  /\bCode generated\b.*\bDO NOT EDIT\b/i,
  /(^|[\s*#/])@generated\b/,
  /\b(?:auto-?\s?)?generated\b[\s\S]{0,300}\bdo not (?:edit|modify|change)\b/i,
  /\bdo not (?:edit|modify|change)\b[\s\S]{0,300}\b(?:auto-?\s?)?generated\b/i,
];
const NAMES =
  /\.pb\.(go|ts|js)$|_pb2(_grpc)?\.pyi?$|_pb\.(js|d\.ts)$|\.generated\.[a-z]+$|(^|\/)(__generated__|generated)\/|\.g\.dart$|\.snap$/;

/** The lines and characters that may contain a marker. The limit keeps the search of a hostile file short. */
const HEAD = { lines: 12, characters: 4_000 };

/** Whether the file is generated: by its first lines, its name, or the settings. */
export function writtenByProgram(
  { path, text, baseText }: Pick<ChangedFile, "path" | "text" | "baseText">,
  patterns: readonly string[],
): boolean {
  if (hasGeneratedName(path) || globs(patterns)(path)) return true;
  return [text, baseText].some((side) => side !== null && hasMarker(side));
}

export function hasGeneratedName(path: string): boolean {
  return NAMES.test(path);
}

/** The first lines of a file, within that limit. */
export function headOf(text: string): string {
  return text.slice(0, HEAD.characters).split("\n", HEAD.lines).join("\n");
}

function hasMarker(text: string): boolean {
  const head = headOf(text);
  return MARKERS.some((marker) => marker.test(head));
}
