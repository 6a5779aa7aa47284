import { few } from "../words.js";
import { groupBy } from "./group-by.js";
import { type Incident, isWorse } from "./incident.js";

/** What the same incident of every installation has in common. */
export interface Family {
  /** The key of the one incident that stands for many. */
  readonly key: string;
  /** Its title, without an account. */
  readonly title: string;
  readonly account: string | null;
}

export type FamilyIncident = Incident & {
  /** Null: it is about the whole app, and is never folded. */
  readonly family: Family | null;
};

/** From more installations than this on, what is wrong with all of them is one incident. */
export const MANY = 5;

/**
 * The incidents as people are to hear of them: what hits many installations at once is told once. An installation that
 * has an incident of its own keeps it until it is well, and so does the one for many: nothing is told twice.
 */
export function foldMany(incidents: readonly FamilyIncident[], open: ReadonlySet<string>): readonly Incident[] {
  return [...groupBy(incidents, ({ family, key }) => family?.key ?? key)].flatMap(
    ([familyKey, members]): readonly Incident[] => {
      const [own, rest] = [members.filter(({ key }) => open.has(key)), members.filter(({ key }) => !open.has(key))];
      const [first] = rest;
      if (!first?.family || (rest.length <= MANY && !open.has(familyKey))) return members;
      return [...own, oneFor(first, first.family, rest)];
    },
  );
}

function oneFor(first: FamilyIncident, { key, title, account }: Family, rest: readonly FamilyIncident[]): Incident {
  const worst = rest.reduce((found, each) => (isWorse(each.severity, found.severity) ? each : found), first);
  const accounts = few(rest.map(({ family, installationId }) => family?.account ?? String(installationId)));
  const example = account ?? String(first.installationId);
  const sameRemedy = rest.every(({ remedy }) => remedy === first.remedy);
  const counted = rest.flatMap(({ occurrences }) => occurrences ?? []);
  return {
    key,
    kind: first.kind,
    severity: worst.severity,
    installationId: null,
    title: `${worst.family?.title ?? title} for ${rest.length} installation${rest.length === 1 ? "" : "s"}`,
    detail: `They are ${accounts}. For ${example}: ${first.detail}`,
    remedy: sameRemedy
      ? first.remedy
      : `For ${example}: ${first.remedy} It is the same for the others: 'companyos-github health' names each.`,
    ...(counted.length > 0 && { occurrences: counted.reduce((sum, each) => sum + each, 0) }),
  };
}
