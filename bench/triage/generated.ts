import { seededRandom } from "../../simulator/random.js";
import type { LabelledIssue } from "../../src/agents/triage/label-model.js";

const THINGS = [
  "login page",
  "settings",
  "export",
  "search",
  "upload",
  "webhook",
  "cache",
  "scheduler",
  "editor",
  "report",
  "invoice",
  "dashboard",
  "importer",
  "profile",
  "API client",
];
const PLACES = [
  "Firefox",
  "Chrome",
  "Windows 11",
  "macOS",
  "Ubuntu",
  "Docker",
  "version 2.4",
  "version 3.0",
  "our cluster",
  "production",
];

type Kind = "bug" | "enhancement" | "question";
const TITLES: Readonly<Record<Kind, readonly string[]>> = {
  bug: [
    "{thing} crashes on {place}",
    "Error when opening the {thing}",
    "{thing} shows wrong result",
    "{thing} broken after update",
    "Exception in {thing}",
    "{thing} does not load on {place}",
  ],
  enhancement: [
    "Add support for {thing} on {place}",
    "Allow to configure the {thing}",
    "Please add an option for the {thing}",
    "Improve the {thing}",
    "Support multiple {thing}s",
    "{thing}: make it faster",
  ],
  question: [
    "How to use the {thing} on {place}?",
    "What is the {thing} for?",
    "Is it possible to run the {thing} on {place}?",
    "How do I configure the {thing}",
    "{thing} documentation?",
    "Which version supports the {thing}",
  ],
};
const SENTENCES: Readonly<Record<Kind | "any", readonly string[]>> = {
  bug: [
    "It fails with a stack trace.",
    "Expected a list but got nothing.",
    "It worked before.",
    "The log says: unexpected error.",
    "Steps: open the {thing}, click save, it throws.",
  ],
  enhancement: [
    "It would be nice to have this.",
    "A new option would help.",
    "Other tools can do that.",
    "I could open a pull request for it.",
    "This would be useful for our team.",
  ],
  question: [
    "I could not find it in the documentation.",
    "Can someone explain?",
    "What is the recommended way?",
    "I am new to this.",
    "Thanks for any help.",
  ],
  any: [
    "We use it on {place}.",
    "I looked at the {thing} first.",
    "Tested on {place}.",
    "See also the {thing}.",
    "Thank you for this project.",
    "The {thing} and the {thing} are involved.",
  ],
};

export interface GeneratedOptions {
  readonly seed: number;
  /** The share of labels that people got wrong. */
  readonly wrong: number;
}

/**
 * Issues of three kinds from a fixed grammar. A quarter of the titles and a third of the sentences are of another kind
 * than the label: the set is not to be had without mistakes.
 */
export function generateIssues(count: number, { seed, wrong }: GeneratedOptions): readonly LabelledIssue[] {
  const random = seededRandom(seed);
  const pick = <T>(all: readonly T[], fallback: T): T => all[Math.floor(random() * all.length)] ?? fallback;
  const kinds: readonly Kind[] = ["bug", "bug", "enhancement", "question"];
  const fill = (text: string) =>
    text.replaceAll("{thing}", () => pick(THINGS, "page")).replaceAll("{place}", () => pick(PLACES, "Linux"));
  return Array.from({ length: count }, () => {
    const kind = pick(kinds, "bug");
    const title = fill(pick(TITLES[random() < 0.25 ? pick(kinds, kind) : kind], "It"));
    const sentences = Array.from({ length: 2 + Math.floor(random() * 5) }, () => {
      const roll = random();
      const of = roll < 0.4 ? "any" : roll < 0.6 ? pick(kinds, kind) : kind;
      return fill(pick(SENTENCES[of], "Hello."));
    });
    const label = random() < wrong ? pick(kinds, kind) : kind;
    return { title, body: sentences.join(" "), labels: [label] };
  });
}
