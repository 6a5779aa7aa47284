import { say } from "../../../text/say.js";
import { type Advisory, ADVISORY_SEVERITIES, advisoriesFor, fixedBy } from "../dependencies/advisory.js";
import type { LockEntry } from "../dependencies/lock-entries.js";
import { addedNumbers } from "../diff/lines.js";
import type { Match } from "./match.js";
import type { ChangeFacts, Rule } from "./rule.js";

export const maliciousDependency: Rule<"malicious-dependency"> = {
  id: "malicious-dependency",
  severity: "failure",
  why: "Remove it, and treat every machine that has installed it as compromised, because its code may have run there.",
  inChange: (facts) =>
    matchesIn(facts, ({ malware }) => malware).map(({ at, advisories: [first] }) => ({
      ...at.place,
      says: say`${`${at.entry.name} ${at.entry.version}`} is known malware (${first?.id ?? ""}).`,
    })),
};

export const vulnerableDependency: Rule<"vulnerable-dependency"> = {
  id: "vulnerable-dependency",
  severity: "warning",
  why: "This change adds the version: every installation from this file now contains it.",
  inChange: (facts) =>
    matchesIn(
      facts,
      ({ malware, severity }, { least }) => !malware && ADVISORY_SEVERITIES.indexOf(severity) >= least,
    ).map(({ at, advisories }) => ({ ...at.place, says: vulnerable(at.entry, advisories) })),
};

function vulnerable(entry: LockEntry, advisories: readonly Advisory[]): Match["says"] {
  const [first] = advisories;
  const fixed = fixedBy(advisories);
  const version = `${entry.name} ${entry.version}`;
  const more = advisories.length > 1 ? say` and ${advisories.length - 1} more` : say``;
  const known = say`${version} has a vulnerability of severity ${first?.severity ?? ""} (${first?.id ?? ""}${more})`;
  return fixed === null ? say`${known}, and no version fixes it yet.` : say`${known}; ${fixed} fixes it.`;
}

interface Found {
  readonly at: { readonly entry: LockEntry; readonly place: Omit<Match, "says"> };
  readonly advisories: readonly Advisory[];
}

function matchesIn(
  { change, inspections, advisories, optionsFor }: ChangeFacts,
  wanted: (advisory: Advisory, limits: { readonly least: number }) => boolean,
): readonly Found[] {
  return change.files.flatMap((file) => {
    const entries = inspections.get(file.path)?.packages ?? [];
    if (entries.length === 0 || advisories.length === 0) return [];
    const added = addedNumbers(file);
    const least = ADVISORY_SEVERITIES.indexOf(optionsFor(file.path).advisorySeverity);
    return entries.flatMap((entry) => {
      const about = advisoriesFor(entry, advisories).filter((advisory) => wanted(advisory, { least }));
      if (about.length === 0) return [];
      const line = added.has(entry.line) ? entry.line : null;
      const identity = `${entry.name}@${entry.version}`;
      return [{ at: { entry, place: { path: file.path, line, identity } }, advisories: about }];
    });
  });
}
