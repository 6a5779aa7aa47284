import { globs } from "../../glob.js";
import type { ChangedFile } from "../change.js";
import { isSource } from "../file-role.js";
import { isGenerated } from "../traits.js";
import { languageOf } from "../languages.js";
import { mayHoldSecret } from "../inspect/may-hold-secret.js";
import type { Inspection } from "../inspect/protocol.js";
import type { SecondReading } from "../second-reader.js";

/** A line shown to the model. Its file has a number instead of a name. */
export interface ShownLine {
  readonly file: number;
  readonly line: number;
  readonly text: string;
  readonly added: boolean;
}

export interface Shown {
  readonly text: string;
  /** Paths by number. */
  readonly paths: readonly string[];
  /** The added lines that were shown. */
  readonly added: readonly (ShownLine & { readonly path: string })[];
  /** The number of source files that did not fit. */
  readonly left: number;
}

const MOST_CHARACTERS = 48_000;

/**
 * The new side of changed source as numbered lines. No names, titles, descriptions or removed lines, because the secret
 * detector does not read them. Lines with secrets and unsearched files are left out.
 */
export function shownOf({ subject, settings, inspections }: SecondReading): Shown {
  const ignored = globs(settings.ignore.paths);
  const files = subject.change.files.filter(
    (file) => isSource(file.path) && !ignored(file.path) && !isGenerated(file.path, inspections.get(file.path)),
  );
  const texts: string[] = [];
  const added: Shown["added"][number][] = [];
  const paths: string[] = [];
  let [size, left] = [0, 0];
  for (const file of files) {
    const lines = linesOf(file, paths.length, inspections.get(file.path));
    if (!lines.some((line) => line.added)) continue;
    const text = [`file ${paths.length} (${languageOf(file.path) ?? "source"})`, ...lines.map(numbered)].join("\n");
    if (size + text.length > MOST_CHARACTERS) {
      left += 1;
      continue;
    }
    size += text.length;
    texts.push(text);
    added.push(...lines.filter((line) => line.added).map((line) => ({ ...line, path: file.path })));
    paths.push(file.path);
  }
  return { text: texts.join("\n\n"), paths, added, left };
}

function linesOf(file: ChangedFile, number: number, inspection: Inspection | undefined): readonly ShownLine[] {
  return file.hunks
    .flatMap(({ lines }) => lines)
    .flatMap(({ newLine, text, kind }) =>
      newLine === null || mayHoldSecret(inspection, newLine)
        ? []
        : [{ file: number, line: newLine, text: text.replace(/\r$/, ""), added: kind === "added" }],
    );
}

function numbered({ line, text, added }: ShownLine): string {
  return `${added ? "+" : " "}${line}: ${text}`;
}
