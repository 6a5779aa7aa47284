import { LineCounter, parseDocument, type Document } from "yaml";
import { z } from "zod";
import { cut } from "../text/cut.js";
import { duplicatesIn } from "./duplicates.js";
import { type Position, positionAt, type PositionOf, settingAt } from "./position.js";
import { complain, MOST_LISTED } from "./complain.js";

/** One problem of a settings file, with the place for its annotation. */
export interface SettingsProblem extends Position {
  /** Such as `review.rules.secret`; empty for the file as a whole. */
  readonly setting: string;
  readonly problem: string;
}

const layerSchema = z.record(z.string(), z.json());
/** A settings file as written, without defaults. Layers are merged in this form. */
export type Layer = Readonly<z.output<typeof layerSchema>>;

export type ParsedSettings =
  | {
      readonly layer: Layer;
      readonly problems: readonly [];
      /** The place of a setting, for problems that are found later. */
      readonly positionOf: PositionOf;
    }
  | { readonly layer: null; readonly problems: readonly SettingsProblem[] };

/** The sections of a file. */
export interface KnownSettings {
  readonly schema: z.ZodType;
  /** Every name that may be a key. */
  names(): readonly string[];
}

const MAX_LENGTH = 100_000;
const START: Position = { line: 1, column: 1 };

/**
 * Reads a settings file. Reports all problems at once, each with its line; of very many, the first ones and the number
 * of others. An empty file is an empty layer.
 */
export function parseSettings(known: KnownSettings, text: string): ParsedSettings {
  if (text.length > MAX_LENGTH)
    return refuse([{ ...START, setting: "", problem: `longer than ${MAX_LENGTH} characters` }]);
  const lines = new LineCounter();
  const options = { lineCounter: lines, logLevel: "error", prettyErrors: false, uniqueKeys: false } as const;
  const document = parseDocument(text, options);
  const broken = [
    ...[...document.errors, ...document.warnings].map(({ message, pos }) => ({ message, offset: pos[0] })),
    ...duplicatesIn(document).map(({ name, offset }) => ({ message: `\`${cut(name, 60)}\` appears twice`, offset })),
  ];
  if (broken.length > 0) return refuse(broken.slice(0, MOST_LISTED).map(at(lines)), broken.length - MOST_LISTED);
  return validate(known, document, lines);
}

/** The most characters of the YAML parser's message, which quotes the file. */
const LONGEST_MESSAGE = 200;

function at(lines: LineCounter) {
  return ({ message, offset }: { readonly message: string; readonly offset: number }): SettingsProblem => ({
    ...positionAt(lines, offset),
    setting: "",
    problem: cut(message, LONGEST_MESSAGE),
  });
}

function validate({ schema, names }: KnownSettings, document: Document.Parsed, lines: LineCounter): ParsedSettings {
  const value = valueOf(document);
  if (value === undefined) return refuse([{ ...START, setting: "", problem: "anchors and aliases are not supported" }]);
  const result = schema.safeParse(value);
  const positionOf: PositionOf = (path) => settingAt(document, lines, path);
  if (!result.success) {
    const { listed, more } = complain(result.error.issues, value, positionOf, names);
    return refuse(listed, more);
  }
  const layer = layerSchema.parse(value);
  const lost = lostIn(value, result.data).map((path) => ({
    ...positionOf(path),
    setting: cut(path.join("."), LONGEST_MESSAGE),
    problem: "is not read: no setting has this name",
  }));
  return lost.length > 0
    ? refuse(lost.slice(0, MOST_LISTED), lost.length - MOST_LISTED)
    : { layer, problems: [], positionOf };
}

/** Undefined when the document uses aliases, by which a small file could expand without limit. */
function valueOf(document: Document.Parsed): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    return value ?? {};
  } catch {
    return undefined;
  }
}

/** `more`: the number of problems that are not listed. */
function refuse(problems: readonly SettingsProblem[], more = 0): ParsedSettings {
  const listed = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const { line, column } = listed[0] ?? START;
  const rest = { line, column, setting: "", problem: `${more} more problems are not listed` };
  return { layer: null, problems: more > 0 ? [...listed, rest] : listed };
}

/** Settings that the schema accepts and leaves out of its result, such as `__proto__`. */
function lostIn(written: unknown, read: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof written !== "object" || written === null) return [];
  const kept = new Map(Object.entries(typeof read === "object" && read !== null ? read : {}));
  return Object.entries(written).flatMap(([name, value]) => {
    const at = [...path, name];
    return kept.has(name) ? lostIn(value, kept.get(name), at) : [at];
  });
}
