/**
 * Says what is not tested because something is missing here, and how to get it. With REQUIRE_ALL set, as in CI, it is a
 * failure instead.
 */
export function reportMissing(what: string, remedy: string): void {
  const text = `${what}. Remedy: ${remedy}`;
  if (process.env["REQUIRE_ALL"]) throw new Error(text);
  console.warn(text);
}
