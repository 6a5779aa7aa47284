import type { StoredCheck } from "../../store/health/standings.js";
import { incidentFrom, incidentKey } from "../incident-of.js";
import { type FamilyIncident, foldMany, MANY } from "./fold-many.js";
import { groupBy } from "./group-by.js";
import type { Incident } from "./incident.js";

export interface AlertChanges {
  readonly raise: readonly Incident[];
  readonly resolve: readonly { readonly key: string; readonly reason: string }[];
}

/**
 * Turns the checks of all installations into alerts, given the keys of the open incidents. A problem of the App itself
 * is not repeated for its installations: a slow GitHub never, any other problem not when it affects many.
 */
export function installationAlerts(checks: readonly StoredCheck[], open: ReadonlySet<string>): AlertChanges {
  const wrong = checks.filter(({ standing }) => standing.level.alert);
  const ofTheApp = new Set(wrong.filter(({ installationId }) => installationId === null).map(({ check }) => check));
  const ofInstallations = groupBy(
    wrong.filter(({ installationId }) => installationId !== null),
    ({ check }) => check,
  );
  const raise = [...ofInstallations].flatMap(([check, some]) => {
    const incidents = some.map(toIncident);
    const rest = incidents.filter(({ key }) => !open.has(key));
    const covered = ofTheApp.has(check) && !open.has(manyKey(check)) && (check === "api" || rest.length > MANY);
    return foldMany(covered ? incidents.filter(({ key }) => open.has(key)) : incidents, open);
  });
  const raised = new Set(raise.map(({ key }) => key));
  const reasons = new Map(
    checks.map((each) => [incidentKey(each, each.check), `${each.check}: ${each.standing.reason}`]),
  );
  const resolve = [...open]
    .filter((key) => /^health\/(\d+|many)\//.test(key) && !raised.has(key))
    .map((key) => ({ key, reason: reasons.get(key) ?? gone(key) }));
  return { raise, resolve };
}

function toIncident({ check, installationId, account, standing }: StoredCheck): FamilyIncident {
  const title = `${check} is ${standing.level.state}`;
  return {
    ...incidentFrom({ installationId, account }, check, standing),
    family: { key: manyKey(check), title, account },
  };
}

function manyKey(check: string): string {
  return `health/many/${check}`;
}

function gone(key: string): string {
  return key.startsWith("health/many/") ? "the last affected installation has recovered" : "the App was uninstalled";
}
