import picomatch from "picomatch";

/** Compiles globs as people write them in settings: `**` crosses directories, a name without a slash matches anywhere. */
export function globs(patterns: readonly string[]): (path: string) => boolean {
  if (patterns.length === 0) return () => false;
  const anywhere = patterns.map((pattern) => (pattern.includes("/") ? pattern.replace(/^\//, "") : `**/${pattern}`));
  return picomatch(anywhere, { dot: true, nonegate: true, noextglob: true, maxLength: 500 });
}
