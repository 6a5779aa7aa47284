import { few } from "../words.js";
import { groupBy } from "./group-by.js";
import { type Incident, isWorse } from "./incident.js";

/** The common properties of one incident in several installations. */
export interface Family {
  /** The key of the incident that represents all of them. */
  readonly key: string;
  /** Its title, without an account. */
  readonly title: string;
  readonly account: string | null;
}

export type FamilyIncident = Incident & {
  /** Null: it concerns the whole app, and is never folded. */
  readonly family: Family | null;
};

/** An incident in more installations than this is folded into one. */
export const MANY = 5;

/**
 * Folds an incident that many installations have into one. An installation with an incident of its own keeps it until
 * it recovers, and so does the folded one, so that no problem is reported twice.
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
