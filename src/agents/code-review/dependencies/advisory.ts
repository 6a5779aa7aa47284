import type { Ecosystem, LockEntry } from "./lock-entries.js";
import { compareVersions, isInRange } from "./versions.js";

export const ADVISORY_SEVERITIES = ["low", "medium", "high", "critical"] as const;
export type AdvisorySeverity = (typeof ADVISORY_SEVERITIES)[number];

/** What an advisory says about one package. */
export interface Advisory {
  /** Such as `GHSA-35jh-r3h4-6jhm`. */
  readonly id: string;
  readonly severity: AdvisorySeverity;
  readonly malware: boolean;
  readonly ecosystem: Ecosystem;
  readonly name: string;
  readonly range: string;
  /** The first version without the vulnerability; null: no version is fixed. */
  readonly fixed: string | null;
}

/** What was learned about the versions that a change brings in. */
export interface AdvisoryAnswer {
  readonly advisories: readonly Advisory[];
  /** Why some or all versions were not compared; null: all were. */
  readonly problem: string | null;
}

export type AdvisorySource = (wanted: {
  readonly entries: readonly LockEntry[];
  readonly malware: boolean;
  readonly vulnerabilities: boolean;
}) => Promise<AdvisoryAnswer>;

/** The advisories that are about this version, gravest first. */
export function advisoriesFor(entry: LockEntry, advisories: readonly Advisory[]): readonly Advisory[] {
  const rank = ({ severity }: Advisory) => ADVISORY_SEVERITIES.indexOf(severity);
  return advisories
    .filter(
      ({ ecosystem, name, range }) =>
        ecosystem === entry.ecosystem && sameName(ecosystem, name, entry.name) && isInRange(entry.version, range),
    )
    .toSorted((a, b) => rank(b) - rank(a));
}

/** The first version that none of them is about; null: at least one has no fix. */
export function fixedBy(advisories: readonly Advisory[]): string | null {
  const fixes = advisories.flatMap(({ fixed }) => fixed ?? []);
  return fixes.length < advisories.length ? null : (fixes.toSorted(compareVersions).at(-1) ?? null);
}

/** PyPI takes `Foo_Bar` and `foo-bar` for one name. */
export function sameName(ecosystem: Ecosystem, a: string, b: string): boolean {
  const plain = (name: string) => (ecosystem === "pip" ? name.toLowerCase().replaceAll(/[-_.]+/g, "-") : name);
  return plain(a) === plain(b);
}
