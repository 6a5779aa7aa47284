import type { Change } from "../changes/table.js";
import type { Organisation } from "../organisation.js";
import { fullName, type Repository } from "../repository.js";
import { pick, type Random } from "../../random.js";

/** What a generator of one kind of change has at hand. */
export interface Draw {
  readonly organisation: Organisation;
  readonly random: Random;
  /** Not archived. */
  readonly repository: Repository;
  readonly in: { readonly repository: string; readonly by: string };
}

/** Makes a change that GitHub would accept now, or null when there is nothing to apply it to. */
export type Generator = (draw: Draw) => Change | null;

const PEOPLE = ["octocat", "hubot", "monalisa", "defunkt"];
export const GHOST = "departed";
const LABELS = ["bug", "documentation", "enhancement", "question", "risk: high"];
const WORDS = ["cart", "login", "search", "cache", "queue", "invoice", "report", "export", "theme", "mailer"];
const VERBS = ["Add", "Fix", "Remove", "Speed up", "Rewrite", "Document"];

export const person = (random: Random): string => pick(random, PEOPLE) ?? "octocat";
export const labelName = (random: Random): string => pick(random, LABELS) ?? "bug";
export const word = (random: Random): string => pick(random, WORDS) ?? "cart";
export const sentence = (random: Random): string =>
  `${pick(random, VERBS) ?? "Fix"} the ${word(random)} of the ${word(random)} ${Math.floor(random() * 1000)}`;

/** Now and then the author is an account that was deleted. */
export const maybeGhost = (random: Random): { readonly author?: string } => (random() < 0.1 ? { author: GHOST } : {});

/** Text with what texts really hold: other scripts, emoji beyond the BMP, line ends, nothing at all. */
export function prose(random: Random): string {
  return (
    pick(random, [
      sentence(random),
      `${sentence(random)}\r\n\r\n- [ ] ${word(random)}`,
      "größer, 図書館, \u{1F680}",
      "",
    ]) ?? ""
  );
}

export function drawIn(organisation: Organisation, random: Random, repository: Repository): Draw {
  return { organisation, random, repository, in: { repository: fullName(repository), by: person(random) } };
}

/** One of the repository's issues or pull requests. */
export function anyNumber({ random, repository }: Draw): number | null {
  return pick(random, [...repository.issues.keys(), ...repository.pulls.keys()]) ?? null;
}

export function anyPull({ random, repository }: Draw, state?: "open" | "closed") {
  return (
    pick(
      random,
      [...repository.pulls.values()].filter((each) => state === undefined || each.state === state),
    ) ?? null
  );
}

export function anyIssue({ random, repository }: Draw, state?: "open" | "closed") {
  return (
    pick(
      random,
      [...repository.issues.values()].filter((each) => state === undefined || each.state === state),
    ) ?? null
  );
}
