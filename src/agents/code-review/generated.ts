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

/** Whether a program writes this file: its first lines say so, its name does, or the settings do. */
export function isGenerated(
  file: Pick<ChangedFile, "path" | "text" | "baseText">,
  patterns: readonly string[],
): boolean {
  if (NAMES.test(file.path) || globs(patterns)(file.path)) return true;
  return [file.text, file.baseText].some((text) => text !== null && hasMarker(text));
}

/** The first lines of a file as far as markers stand in them. */
export function headOf(text: string): string {
  return text.split("\n", 12).join("\n");
}

function hasMarker(text: string): boolean {
  const head = headOf(text);
  return MARKERS.some((marker) => marker.test(head));
}
