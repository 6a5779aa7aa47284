import { z } from "zod";
import type { ChangedFile } from "../change.js";
import { LANGUAGES } from "../languages.js";
import { match } from "../rules/match.js";
import { ruleOptions } from "../rules/options.js";
import { fileTraits, NO_TRAITS } from "../traits.js";
import { astRule } from "./ast-rule.js";

/** A question about a file's structure. Data only: it crosses to the process that parses. */
export const structureQuery = z.strictObject({
  languages: z.array(z.enum(LANGUAGES)).readonly(),
  rule: astRule,
  constraints: z.record(z.string(), astRule).exactOptional(),
  utils: z.record(z.string(), astRule).exactOptional(),
  /** Which line of a match counts, where it spans several: its first (default) or its last. */
  at: z.enum(["start", "end"]).exactOptional(),
  /** What the match should be instead, with `$A` and `$$$A` for what was captured; empty removes the whole line. */
  fix: z.string().exactOptional(),
});
export type StructureQuery = Readonly<z.output<typeof structureQuery>>;

const diffLine = z.object({
  kind: z.enum(["added", "removed", "context"]),
  text: z.string(),
  oldLine: z.int().nullable(),
  newLine: z.int().nullable(),
  position: z.int(),
  noNewline: z.boolean(),
});
const hunk = z.object({
  oldStart: z.int(),
  oldLines: z.int(),
  newStart: z.int(),
  newLines: z.int(),
  lines: z.array(diffLine).readonly(),
});
const changedFile: z.ZodType<ChangedFile> = z.object({
  path: z.string(),
  previousPath: z.string().nullable(),
  status: z.enum(["added", "modified", "removed", "renamed", "copied"]),
  kind: z.enum(["file", "symlink", "submodule"]),
  oldMode: z.string().nullable(),
  newMode: z.string().nullable(),
  binary: z.boolean(),
  hunks: z.array(hunk).readonly(),
  truncated: z.boolean(),
  text: z.string().nullable(),
  baseText: z.string().nullable(),
  size: z.int().nullable(),
  undisplayed: z.boolean(),
});

export const inspectRequest = z.object({
  /** Of a file without a text, what its diff shows is looked into. */
  file: changedFile,
  language: z.enum(LANGUAGES).nullable(),
  queries: z.array(z.object({ rule: z.string(), query: structureQuery }).readonly()).readonly(),
  /** Regular expressions for single lines, of any kind of file. */
  lines: z.array(z.object({ rule: z.string(), pattern: z.string() }).readonly()).readonly(),
  /** Rules of the settings: all that they match is found, in words that the settings have. */
  own: z.array(z.string()).readonly(),
  /** Whether names that are exported before and not after are asked for. */
  exports: z.boolean(),
  options: ruleOptions,
  /** Keys the hashes of what looks like a secret. */
  hashKey: z.string(),
});
export type InspectRequest = Readonly<z.output<typeof inspectRequest>>;

/** The request as it is sent: the queries as JSON, since few sets of them serve all files, and each is read once. */
export const wireRequest = inspectRequest.extend({ queries: z.string() });
export const wireQueries = inspectRequest.shape.queries;

const structureMatch = z.object({
  rule: z.string(),
  startLine: z.int(),
  endLine: z.int(),
  /** The line that the finding is about. */
  line: z.int(),
  /** The line that makes it one, where that is another: the call that gets a query from a variable. */
  usedAt: z.int().exactOptional(),
  /** What `line` should be, where that is mechanical; empty: the line should go. */
  replacement: z.string().nullable(),
});
export type StructureMatch = Readonly<z.output<typeof structureMatch>>;

/** What looks like a secret. The value itself stays in the process that found it. */
const secretHit = z.object({
  /** The kind of secret, such as `GitHub token`. */
  kind: z.string(),
  startLine: z.int(),
  endLine: z.int(),
  /** HMAC-SHA-256 of the value, hexadecimal. */
  hash: z.string(),
});
export type SecretHit = Readonly<z.output<typeof secretHit>>;

export const inspection = z.object({
  /** What the rules complain about in this file. Where a secret is, nothing of the line is in it. */
  found: z.array(z.object({ rule: z.string(), match }).readonly()).readonly(),
  /** How many more a rule has in this file than are in `found`. */
  more: z.array(z.object({ rule: z.string(), count: z.int() }).readonly()).readonly(),
  traits: fileTraits,
  secrets: z.array(secretHit).readonly(),
  /** Whether secrets were looked for to the end. */
  searched: z.boolean(),
  /** Names that were exported before and are not any more, and the reverse. */
  removedExports: z.array(z.string()).readonly(),
  addedExports: z.array(z.string()).readonly(),
  /** Questions that could not be asked, such as a pattern that does not parse. */
  refused: z.array(z.object({ rule: z.string(), problem: z.string() }).readonly()).readonly(),
  /** Rules that failed on this file. */
  failed: z.array(z.string()).readonly(),
  /** Why the file was not, or not wholly, read. Null: it was. */
  problem: z.string().nullable(),
});
export type Inspection = Readonly<z.output<typeof inspection>>;

/** `done: false`: what is known so far, sent before a question that may take too long. */
export const inspectionPart = z.object({ done: z.boolean(), inspection });
export type InspectionPart = Readonly<z.output<typeof inspectionPart>>;

/** The answer about a file that nobody could read. */
export function unread(problem: string): Inspection {
  return {
    found: [],
    more: [],
    traits: NO_TRAITS,
    secrets: [],
    searched: false,
    removedExports: [],
    addedExports: [],
    refused: [],
    failed: [],
    problem,
  };
}
