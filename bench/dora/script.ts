import { shaOf, World } from "./world.js";

/** A history by script, and its figures as a person counted them on paper. Times are hours. */
export interface Scripted {
  readonly name: string;
  /** The globs of the repository's services; left out: it is one service. */
  readonly services?: Readonly<Record<string, string>>;
  /** By environment, or by `service environment`. */
  readonly figures: Readonly<Record<string, string>>;
  play(world: World): void;
}

export const REPOSITORY = 7;
export const id = (deployment: number): string => String(REPOSITORY * 10_000 + deployment);
export const reverts = (name: string): string => `Revert "${name}"\n\nThis reverts commit ${shaOf(name)}.`;
export const picked = (name: string): string => `${name}\n\n(cherry picked from commit ${shaOf(name)})`;

/** Production runs the first commit since hour 1. What that deployment brought is not known. */
export function base(w: World, ...more: readonly string[]): void {
  w.c("a", "", 0);
  w.push("", "a", 0);
  w.d(1, "production", "a", 1);
  for (const environment of more) w.d(90, environment, "a", 1);
}

/** A commit straight on the main branch. */
export function main(
  w: World,
  name: string,
  parent: string,
  at: number,
  options: Parameters<World["c"]>[3] = {},
): void {
  w.c(name, parent, at, options);
  w.push(parent, name, at);
}

/** A pull request of one commit, squashed. */
export function squash(
  w: World,
  number: number,
  parent: string,
  [head, wrote]: [string, number],
  [merge, at]: [string, number],
  options = {},
): void {
  w.c(head, parent, wrote);
  w.push("", head, wrote, `topic-${number}`);
  main(w, merge, parent, at);
  w.pr(number, { head, merge, at, ...options });
}

/** b on a at 2, deployed at 3: what most histories begin with. */
export function second(w: World): void {
  base(w);
  main(w, "b", "a", 2);
  w.d(2, "production", "b", 3);
}

export const line = (deploys: number, lead: string, rest = ""): string => {
  const defaults = {
    first: "1",
    fail: `0/${deploys}`,
    recover: "-",
    rework: `0/${deploys}`,
    success: `${deploys}/${deploys}`,
  };
  const figures = new Map(Object.entries({ deploys: String(deploys), lead, ...defaults }));
  for (const [, name = "", value = ""] of rest.matchAll(/(\w+)=(\S+)/g)) figures.set(name, value);
  return [...figures]
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join(" ");
};
