import { packageFile } from "../../src/package-file.js";

/** What node is given to run a module of `test/` or `bench/load/`, named as in its source, in a process of its own. */
export function built(source: string): string {
  return packageFile(`.build/${source.replace(/\.ts$/, ".js")}`);
}
