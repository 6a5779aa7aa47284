import { storableJson } from "../../text/storable.js";
import { createHash } from "node:crypto";
import { z } from "zod";
import type { ReviewDecision } from "../../agents/code-review/agent.js";
import type { Inspector } from "../../agents/code-review/inspect/inspector.js";
import { type Inspection, inspection } from "../../agents/code-review/inspect/protocol.js";
import type { ReviewSettings } from "../../agents/code-review/settings/settings.js";
import { canonicalJson } from "../../effects/intent.js";
import { parseJson } from "../../unchecked.js";

/** The result of each file by path, with a digest that shows whether the file has changed. */
export type Reading = ReadonlyMap<string, { readonly identity: string; readonly inspection: Inspection }>;

const stored = z.record(z.string(), z.object({ identity: z.string(), inspection }));

/** The most characters stored for one file. A file with more is read again. */
const MOST_KEPT = 10_000;

/** A digest of settings, rules and parsers. With other ones the results may differ. */
export function readBy(settings: ReviewSettings, { version }: Inspector): string {
  return createHash("sha256").update(canonicalJson({ settings, version })).digest("hex");
}

/** Null: this version cannot read it. */
export function parseReading(text: string): Reading | null {
  try {
    const files = stored.safeParse(parseJson(text)).data;
    return files ? new Map(Object.entries(files)) : null;
  } catch {
    return null;
  }
}

/** The results that the next review can reuse, as JSON: only files that were read completely. */
export function writeReading(
  { reviewed }: Pick<ReviewDecision, "reviewed">,
  identities: ReadonlyMap<string, string>,
): string {
  const gaps = new Set(reviewed?.gaps.map(({ path }) => path));
  const kept = [...(reviewed?.inspections ?? [])].flatMap(([path, answer]) => {
    const identity = identities.get(path);
    if (identity === undefined || gaps.has(path) || answer.problem !== null) return [];
    const entry = { identity, inspection: answer };
    return JSON.stringify(entry).length > MOST_KEPT ? [] : [[path, entry] as const];
  });
  return storableJson(Object.fromEntries(kept));
}
