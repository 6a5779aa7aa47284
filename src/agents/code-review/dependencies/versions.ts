/**
 * Compares versions of the package managers alike: numbers by value, a pre-release (`-rc.1`, `b2`) before its release. Less
 * than 0: `a` is older.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const order = compareParts(left[index], right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

/** Whether a version is in a range as advisories state it, such as `>= 1.0.0, < 1.4.2`. An unreadable range holds. */
export function isInRange(version: string, range: string): boolean {
  return range.split(",").every((part) => {
    const [, sign = "", bound = ""] = /^\s*(<=|>=|<|>|=)\s*(\S+)\s*$/.exec(part) ?? [];
    if (bound === "") return true;
    const order = compareVersions(version, bound);
    if (sign === "=") return order === 0;
    if (order === 0) return sign.length === 2;
    return sign.startsWith("<") ? order < 0 : order > 0;
  });
}

type Part = number | string;

function partsOf(version: string): readonly Part[] {
  const [release = ""] = version.replace(/^[v=]+/, "").split("+");
  return [...release.matchAll(/\d+|[a-z]+/gi)].map(([part]) => (/^\d/.test(part) ? Number(part) : part.toLowerCase()));
}

/** A missing number is 0. Letters come before nothing, except those that name something later than the release. */
function compareParts(a: Part | undefined, b: Part | undefined): number {
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === "string") return LATER.has(a) ? 1 : -1;
  if (typeof b === "string") return LATER.has(b) ? -1 : 1;
  return (a ?? 0) - (b ?? 0);
}

const LATER: ReadonlySet<string> = new Set(["post", "sp", "final", "patch"]);
