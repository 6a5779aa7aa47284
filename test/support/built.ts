import { resolve } from "node:path";

/** What node is given to run a module of `test/`, named as in its source, in a process of its own. */
export function built(source: string): string {
  return resolve(".build", source.replace(/\.ts$/, ".js"));
}
