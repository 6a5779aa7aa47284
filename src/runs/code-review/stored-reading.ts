import { storableJson } from "../../text/storable.js";
import { createHash } from "node:crypto";
import { z } from "zod";
import type { ReviewDecision } from "../../agents/code-review/agent.js";
import type { Inspector } from "../../agents/code-review/inspect/inspector.js";
import { type Inspection, inspection } from "../../agents/code-review/inspect/protocol.js";
import type { ReviewSettings } from "../../agents/code-review/settings/settings.js";
import { canonicalJson } from "../../effects/intent.js";
import { parseJson } from "../../unchecked.js";

/** What came of looking into each file, by path, and what tells whether the file is still the same. */
export type Reading = ReadonlyMap<string, { readonly identity: string; readonly inspection: Inspection }>;

const stored = z.record(z.string(), z.object({ identity: z.string(), inspection }));

/** Characters of what is kept of one file: of more, the file is read again. */
const MOST_KEPT = 10_000;

/** By what a reading was made: with other settings, rules or parsers the same file may be answered otherwise. */
export function readBy(settings: ReviewSettings, { version }: Inspector): string {
  return createHash("sha256").update(canonicalJson({ settings, version })).digest("hex");
}

/** Null: this version cannot read it any more. */
export function parseReading(text: string): Reading | null {
  try {
    const files = stored.safeParse(parseJson(text)).data;
    return files ? new Map(Object.entries(files)) : null;
  } catch {
    return null;
  }
}

/** What the next review may rely on, as JSON: files that were read as a whole. One with a gap is read again. */
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
