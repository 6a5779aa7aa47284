import { z } from "zod";
import type { ChangedFile } from "../change.js";
import { ECOSYSTEMS } from "../dependencies/lock-entries.js";
import { LANGUAGES } from "../languages.js";
import { match } from "../rules/match.js";
import { ruleOptions } from "../rules/options.js";
import { fileTraits, NO_TRAITS } from "../traits.js";
import { astRule } from "./ast-rule.js";

/** A query about a file's structure. Plain data, because it is sent to the parsing process. */
export const structureQuery = z.strictObject({
  languages: z.array(z.enum(LANGUAGES)).readonly(),
  rule: astRule,
  constraints: z.record(z.string(), astRule).exactOptional(),
  utils: z.record(z.string(), astRule).exactOptional(),
  /** The reported line of a match that spans several: its first (default) or its last. */
  at: z.enum(["start", "end"]).exactOptional(),
  /** The replacement, with `$A` and `$$$A` for captures; empty removes the whole line. */
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
  /** Without the file's text, the lines of the diff are inspected. */
  file: changedFile,
  language: z.enum(LANGUAGES).nullable(),
  queries: z.array(z.object({ rule: z.string(), query: structureQuery }).readonly()).readonly(),
  /** Regular expressions for single lines of any file. */
  lines: z.array(z.object({ rule: z.string(), pattern: z.string() }).readonly()).readonly(),
  /** Custom rules: all matches are reported, with the messages in the settings. */
  own: z.array(z.string()).readonly(),
  /** Whether to compare exported names before and after. */
  exports: z.boolean(),
  options: ruleOptions,
  /** The key for hashes of possible secrets. */
  hashKey: z.string(),
});
export type InspectRequest = Readonly<z.output<typeof inspectRequest>>;

/**
 * The request as sent: the queries as JSON, because a few sets of them serve all files, and each set is parsed once.
 */
export const wireRequest = inspectRequest.extend({ queries: z.string() });
export const wireQueries = inspectRequest.shape.queries;

const structureMatch = z.object({
  rule: z.string(),
  startLine: z.int(),
  endLine: z.int(),
  /** The line of the finding. */
  line: z.int(),
  /** The line that causes it, if different: for example the call that receives a query from a variable. */
  usedAt: z.int().exactOptional(),
  /** The replacement of `line`, if the fix is mechanical; empty: remove the line. */
  replacement: z.string().nullable(),
});
export type StructureMatch = Readonly<z.output<typeof structureMatch>>;

/** A possible secret. Its value stays in the process that found it. */
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
  /** The findings in this file. Text of a line with a secret is never included. */
  found: z.array(z.object({ rule: z.string(), match }).readonly()).readonly(),
  /** The number of findings of each rule beyond those in `found`. */
  more: z.array(z.object({ rule: z.string(), count: z.int() }).readonly()).readonly(),
  traits: fileTraits,
  secrets: z.array(secretHit).readonly(),
  /** Whether the search for secrets was completed. */
  searched: z.boolean(),
  /** Names that are no longer exported, and newly exported names. */
  removedExports: z.array(z.string()).readonly(),
  addedExports: z.array(z.string()).readonly(),
  /** Versions that the change brings into a lockfile. */
  packages: z
    .array(z.object({ ecosystem: z.enum(ECOSYSTEMS), name: z.string(), version: z.string(), line: z.int() }).readonly())
    .readonly(),
  /** Queries that could not run, such as a pattern that does not parse. */
  refused: z.array(z.object({ rule: z.string(), problem: z.string() }).readonly()).readonly(),
  /** Rules that failed on this file. */
  failed: z.array(z.string()).readonly(),
  /** Why the file was not read, or not completely. Null: it was read. */
  problem: z.string().nullable(),
});
export type Inspection = Readonly<z.output<typeof inspection>>;

/**
 * `done: false`: the results so far, sent before a step that may take too long. `cpuMs`: the processor time that the file
 * has taken.
 */
export const inspectionPart = z.object({ done: z.boolean(), inspection, cpuMs: z.number() });
/** The signal with which the parsing process ends itself when a file has used up its processor time. */
export const OUT_OF_TIME = "SIGVTALRM";
export type InspectionPart = Readonly<z.output<typeof inspectionPart>>;

/** The answer for a file that could not be read. */
export function unread(problem: string): Inspection {
  return {
    found: [],
    more: [],
    traits: NO_TRAITS,
    secrets: [],
    searched: false,
    removedExports: [],
    addedExports: [],
    packages: [],
    refused: [],
    failed: [],
    problem,
  };
}
