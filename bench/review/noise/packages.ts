import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const packageChange = z.strictObject({
  name: z.string(),
  /** Two versions that were published one after the other. */
  from: z.string(),
  to: z.string(),
  /** Globs of what a build wrote into the package: nobody reviews that. */
  built: z.array(z.string()).readonly(),
});
export type PackageChange = Readonly<z.output<typeof packageChange>>;

/** The 30 changes of the bench, by exact versions. */
export function readPackages(): readonly PackageChange[] {
  return z.array(packageChange).parse(JSON.parse(readFileSync(join(import.meta.dirname, "packages.json"), "utf8")));
}
