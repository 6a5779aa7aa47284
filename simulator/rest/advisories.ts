import { compareVersions } from "../../src/agents/code-review/dependencies/versions.js";
import type { Advisory } from "../organisation/organisation.js";
import type { Schemas } from "../server/answer.js";
import { failure } from "../server/answer.js";
import { page } from "../server/page.js";
import type { Route } from "../server/route.js";

const MOST_AFFECTED = 1_000;

/** GitHub's advisories, public and for everybody. Without `type` only reviewed ones that are not malware. */
export const advisoryRoutes: readonly Route[] = [
  {
    method: "GET",
    pattern: "/advisories",
    audience: "anyone",
    handle: (call) => {
      const { query, simulation } = call;
      const [type, ecosystem] = [query.get("type") ?? "reviewed", query.get("ecosystem")];
      const affects = query.get("affects")?.split(",") ?? null;
      if (affects !== null && affects.length > MOST_AFFECTED) return failure(422, "Validation Failed");
      const found = simulation.organisation.advisories.filter(
        (each) =>
          each.type === type &&
          (ecosystem === null || each.ecosystem === ecosystem) &&
          (affects === null || affects.some((name) => isAffected(name, each))),
      );
      return page(call, "global-advisory", found, (each) => render(call.origin, each));
    },
  },
];

/** `package` or `package@version`; a scope of npm begins with an `@` too. */
function isAffected(affects: string, { name, range }: Advisory): boolean {
  const at = affects.lastIndexOf("@");
  const [wanted, version] = at > 0 ? [affects.slice(0, at), affects.slice(at + 1)] : [affects, null];
  if (wanted.toLowerCase() !== name.toLowerCase()) return false;
  return version === null || range.split(",").every((bound) => holds(version, bound.trim()));
}

function holds(version: string, bound: string): boolean {
  const [sign = "=", limit = ""] = bound.split(" ");
  const order = compareVersions(version, limit);
  return sign === "="
    ? order === 0
    : sign.startsWith("<")
      ? order < 0 || (sign === "<=" && order === 0)
      : order > 0 || (sign === ">=" && order === 0);
}

function render(
  origin: string,
  { ghsa, type, severity, ecosystem, name, range, fixed }: Advisory,
): Schemas["global-advisory"] {
  const at = "2026-01-01T00:00:00Z";
  return {
    ghsa_id: ghsa,
    cve_id: null,
    url: `${origin}/advisories/${ghsa}`,
    html_url: `${origin}/advisories/${ghsa}`,
    repository_advisory_url: null,
    summary: `A fault of ${name}`,
    description: null,
    type,
    severity,
    source_code_location: null,
    identifiers: [{ type: "GHSA", value: ghsa }],
    references: [],
    published_at: at,
    updated_at: at,
    github_reviewed_at: at,
    nvd_published_at: null,
    withdrawn_at: null,
    vulnerabilities: [
      {
        package: { ecosystem, name },
        vulnerable_version_range: range,
        first_patched_version: fixed,
        vulnerable_functions: [],
      },
    ],
    cvss: { vector_string: null, score: null },
    cwes: [],
    credits: [],
  };
}
