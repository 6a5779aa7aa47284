import { LineCounter, parseDocument, type Document } from "yaml";
import { z } from "zod";
import { lineOf } from "./position.js";
import { complain } from "./complain.js";

/** One thing wrong with a settings file, where an annotation can show it. */
export interface SettingsProblem {
  /** From 1. */
  readonly line: number;
  /** Such as `review.rules.secret`; empty for the file as a whole. */
  readonly setting: string;
  readonly problem: string;
}

const layerSchema = z.record(z.string(), z.json());
/** A settings file as it was written, without defaults: layers are laid over each other in this form. */
export type Layer = Readonly<z.output<typeof layerSchema>>;

export type ParsedSettings =
  | {
      readonly layer: Layer;
      readonly problems: readonly [];
      /** Where a setting stands, for problems that only a later look can find. */
      lineOf(path: readonly PropertyKey[]): number;
    }
  | { readonly layer: null; readonly problems: readonly SettingsProblem[] };

/** What a file may say. */
export interface KnownSettings {
  readonly schema: z.ZodType;
  /** Every name that may be a key. */
  names(): readonly string[];
}

const MAX_LENGTH = 100_000;

/** Reads a settings file. All problems are reported at once, each with its line. An empty file is an empty layer. */
export function parseSettings(known: KnownSettings, text: string): ParsedSettings {
  if (text.length > MAX_LENGTH)
    return refuse([{ line: 1, setting: "", problem: `longer than ${MAX_LENGTH} characters` }]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: "silent", prettyErrors: false });
  const broken = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
    line: lines.linePos(pos[0]).line,
    setting: "",
    problem: message,
  }));
  if (broken.length > 0) return refuse(broken);
  return validate(known, document, lines);
}

function validate({ schema, names }: KnownSettings, document: Document.Parsed, lines: LineCounter): ParsedSettings {
  const value = valueOf(document);
  if (value === undefined) return refuse([{ line: 1, setting: "", problem: "anchors and aliases are not supported" }]);
  const result = schema.safeParse(value);
  const at = (path: readonly PropertyKey[]) => lineOf(document, lines, path);
  if (!result.success) return refuse(complain(result.error.issues, value, at, names));
  return { layer: layerSchema.parse(value), problems: [], lineOf: at };
}

/** Undefined where the document cannot be made a value: it uses aliases, by which a small file can grow without end. */
function valueOf(document: Document.Parsed): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 0 });
    return value ?? {};
  } catch {
    return undefined;
  }
}

function refuse(problems: readonly SettingsProblem[]): ParsedSettings {
  return { layer: null, problems: problems.toSorted((a, b) => a.line - b.line) };
}
