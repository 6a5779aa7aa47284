import { say } from "../../../text/say.js";
import { type Gap, WHOLE_CHANGE } from "../gaps.js";
import type { Inspection } from "../inspect/protocol.js";
import { maliciousDependency, vulnerableDependency } from "../rules/dependency-advisories.js";
import { levelIn } from "../settings/level.js";
import type { ReviewSettings } from "../settings/settings.js";
import type { Advisory, AdvisorySource } from "./advisory.js";

interface Compared {
  readonly advisories: readonly Advisory[];
  readonly gaps: readonly Gap[];
}

/** Reads the advisories about all versions that the change brings in, as far as a rule needs them. */
export async function compareWithAdvisories(
  inspections: ReadonlyMap<string, Inspection>,
  settings: ReviewSettings,
  source: AdvisorySource | null,
): Promise<Compared> {
  const level = levelIn(settings);
  const isOn = ({ id, severity }: typeof maliciousDependency | typeof vulnerableDependency, path: string) =>
    level(id, path, severity) !== "off";
  const files = [...inspections].flatMap(([path, { packages }]) => (packages.length === 0 ? [] : [{ path, packages }]));
  const malware = files.some(({ path }) => isOn(maliciousDependency, path));
  const vulnerabilities = files.some(({ path }) => isOn(vulnerableDependency, path));
  if (source === null || (!malware && !vulnerabilities)) return { advisories: [], gaps: [] };
  const entries = files.flatMap(({ packages }) => packages);
  const { advisories, problem } = await source({ entries, malware, vulnerabilities });
  const rules = [maliciousDependency.id, vulnerableDependency.id];
  return { advisories, gaps: problem === null ? [] : [{ path: WHOLE_CHANGE, reason: say`${problem}`, rules }] };
}
