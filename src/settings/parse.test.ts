import { describe, expect, it } from "vitest";
import { globs } from "../agents/glob.js";
import { levelIn, optionsIn } from "../agents/code-review/settings/level.js";
import { REVIEW } from "../agents/code-review/settings/settings.js";
import { AGENTS, bookOf } from "../runs/registry.js";
import type { Layer } from "./parse.js";
import { exampleOf } from "./reference.js";
import { sectionOf } from "./section.js";

const BOOK = bookOf(AGENTS);
const EXAMPLE = exampleOf(BOOK.sections);

function merged(...layers: readonly Layer[]) {
  const settings = BOOK.merge(...layers);
  return { shadow: settings.shadow, review: sectionOf(settings, REVIEW) };
}

function layer(text: string): Layer {
  const parsed = BOOK.parse(text);
  if (!parsed.layer) throw new Error(JSON.stringify(parsed.problems));
  return parsed.layer;
}

function problems(text: string) {
  return BOOK.parse(text).problems.map(({ line, setting, problem }) => `${line} ${setting}: ${problem}`);
}

describe("a good file", () => {
  it.each([[""], ["# nothing\n"], ["---\n"]])("may be empty: %j", (text) => {
    expect(BOOK.merge(layer(text))).toEqual(BOOK.defaults);
  });

  it("is the documented example", () => {
    const settings = merged(layer(EXAMPLE));
    expect(settings.review.rules["missing-test"]).toBe("off");
    expect(settings.review.customRules["internal-host"]?.line).toBe("\\.corp\\.acme\\.example");
    const named = new Set(Object.keys(layer(EXAMPLE)["review"] ?? {}));
    expect(Object.keys(merged().review).filter((key) => !named.has(key))).toEqual([]);
  });
});

describe("a bad file", () => {
  it("reports all problems at once, with their lines", () => {
    const text = `shadow: maybe
reviews:
  enabled: true
review:
  maxInlineComments: 11
  rules:
    secret: fatal
    debuger-statement: off
  ignore:
    authors: octocat
    draft: true
  paths:
    - match: []
  customRules:
    Bad Name: { message: x, line: a }
    both:
      message: x
      line: a
      pattern: b
    bare:
      message: x
      pattern: b
    regex:
      message: x
      line: "("
`;
    expect(problems(text)).toEqual([
      '1 shadow: is "maybe", must be of type boolean',
      "2 reviews: unknown setting `reviews`; did you mean `review`?",
      "5 review.maxInlineComments: is 11, must be at most 10",
      '7 review.rules.secret: is "fatal", must be one of "off", "notice", "warning", "failure"',
      "8 review.rules.debuger-statement: unknown setting `debuger-statement`; did you mean `debugger-statement`?",
      '10 review.ignore.authors: is "octocat", must be of type array',
      "11 review.ignore.draft: unknown setting `draft`; did you mean `drafts`?",
      "13 review.paths.0.match: is [], must be at least 1",
      "15 review.customRules.Bad Name: unknown setting `Bad Name` (a name in lower case, with digits and hyphens)",
      "16 review.customRules.both: give exactly one of `pattern`, `rule` and `line`",
      "20 review.customRules.bare: `pattern` needs `languages`",
      "25 review.customRules.regex.line: is not a valid JavaScript regular expression (with the flag u)",
    ]);
  });

  it.each([
    ["a: [", "1 "],
    ["review:\n  enabled: true\n  enabled: false\n", "3 "],
    ["- a\n", '1 : is ["a"], must be of type object'],
    ["just text", '1 : is "just text", must be of type object'],
    ["review: !!js/function 'x'\n", "1 "],
    ["a: &a [1]\nb: *a\n", "1 : anchors and aliases"],
    ["shadow: true\n---\nshadow: false\n", "2 : Source contains multiple documents"],
    ["review:\n  rules:\n    __proto__: off\n", "3 review.rules.__proto__: is not read"],
    ["x".repeat(100_001), "1 : longer than"],
  ])("%j is refused at its line", (text, start) => {
    expect(problems(text)[0]).toMatch(new RegExp(`^${start.replaceAll(/[[\]]/g, "\\$&")}`));
  });
});

it("a problem names its column", () => {
  const [first, second] = BOOK.parse("review:\n  rules: { secret: warning, secert: off }\n  enabled: 1\n").problems;
  expect(first).toMatchObject({ line: 2, column: 29, setting: "review.rules.secert" });
  expect(second).toMatchObject({ line: 3, column: 3, setting: "review.enabled" });
});

describe("merges the repository's file over the organisation's", () => {
  const organisation = `
shadow: true
review:
  rules: { secret: warning, missing-test: off }
  ignore: { authors: [a, b] }
  customRules:
    shared: { message: theirs, languages: [go], pattern: f() }
    other: { message: x, line: y }
`;
  const repository = `
review:
  rules: { missing-test: failure }
  ignore: { authors: [c] }
  customRules:
    shared: { message: ours, line: z }
`;
  const settings = merged(layer(organisation), layer(repository));

  it("merges maps, and replaces values and lists", () => {
    expect(settings.shadow).toBe(true);
    expect(settings.review.rules).toEqual({ secret: "warning", "missing-test": "failure" });
    expect(settings.review.ignore.authors).toEqual(["c"]);
  });

  it("replaces a custom rule as a whole", () => {
    expect(settings.review.customRules["shared"]).toEqual({ message: "ours", severity: "warning", line: "z" });
    expect(settings.review.customRules["other"]?.line).toBe("y");
  });

  it("does not let a name reach the prototype of objects", () => {
    expect(problems("__proto__: { shadow: true }\n")).toEqual(["1 __proto__: unknown setting `__proto__`"]);
    expect(Object.keys({})).toEqual([]);
  });
});

describe("an organisation's own rule", () => {
  it("is switched off and softened by a repository's file, as a whole and for some files", () => {
    const { review } = merged(
      layer(
        "review:\n  customRules: { host: { message: x, line: y, severity: failure }, moment: { message: x, line: y } }\n",
      ),
      layer(`
review:
  rules: { custom/moment: "off" }
  paths:
    - { match: ["legacy/**"], rules: { custom/host: notice } }
`),
    );
    const level = levelIn(review);
    expect(level("custom/moment", "src/a.ts", "warning")).toBe("off");
    expect(level("custom/host", "src/a.ts", "failure")).toBe("failure");
    expect(level("custom/host", "legacy/a.ts", "failure")).toBe("notice");
    expect(problems("review:\n  rules: { custom/Bad Name: off }\n")).toEqual([
      "2 review.rules.custom/Bad Name: unknown setting `custom/Bad Name` (a rule's id, or custom/ and the name of one of your own)",
    ]);
  });
});

describe("the options of a file", () => {
  it("come from the last matching part, else from the general settings", () => {
    const { review } = merged(
      layer(`
review:
  options: { maxBinaryBytes: 10, generated: ["a/**"] }
  paths:
    - { match: ["legacy/**"], options: { maxBinaryBytes: 20, generated: ["legacy/api/**"] } }
    - { match: ["legacy/new/**"], options: { maxBinaryBytes: 30 } }
`),
    );
    const options = optionsIn(review);
    expect(options("src/a.ts")).toEqual(review.options);
    expect(options("legacy/new/a.ts")).toEqual({
      ...review.options,
      maxBinaryBytes: 30,
      generated: ["legacy/api/**"],
    });
  });
});

describe("the level of a rule", () => {
  const { review } = merged(
    layer(`
review:
  rules: { secret: warning }
  paths:
    - { match: ["legacy/**"], rules: { secret: "off", missing-test: notice } }
    - { match: ["legacy/new/**"], rules: { secret: failure } }
`),
  );
  const level = levelIn(review);

  it.each([
    ["secret", "src/a.ts", "warning"],
    ["secret", "legacy/a.ts", "off"],
    ["secret", "legacy/new/a.ts", "failure"],
    ["missing-test", "legacy/new/a.ts", "notice"],
    ["missing-test", "src/a.ts", "failure"],
    ["secret", null, "warning"],
  ])("%s in %s is %s", (rule, path, expected) => {
    expect(level(rule, path, "failure")).toBe(expected);
  });
});

describe("a file with very many problems", () => {
  it("has a few unknown settings listed beside the other problems, and the rest counted", () => {
    const unknown = Array.from({ length: 9_000 }, (_, nth) => `k${nth}: 1\n`).join("");
    const listed = problems(`shadow: maybe\n${unknown}`);
    expect(listed).toHaveLength(7);
    expect(listed[0]).toContain("shadow: is");
    expect(listed.at(-1)).toBe("1 : 8995 more problems are not listed");
  });

  it.each([
    ["wrong values", `review:\n  paths:\n${"    - match: [1]\n".repeat(90)}`],
    ["broken YAML", "]\n".repeat(500)],
    ["names twice", "a: 1\n".repeat(500)],
  ])("%s", (_name, text) => {
    expect(problems(text)).toHaveLength(21);
    expect(problems(text).at(-1)).toMatch(/\d+ more problems are not listed/);
  });
});

/** What the run cannot use is refused here: a review never fails for settings that were accepted. */
describe("a glob that no review can use", () => {
  const at = (glob: string) => [
    `review: { ignore: { paths: ["${glob}"] } }`,
    `review: { paths: [{ match: ["${glob}"] }] }`,
    `review: { options: { publicApi: ["${glob}"] } }`,
    `review: { options: { generated: ["${glob}"] } }`,
    `review: { options: { migrations: ["${glob}"] } }`,
    `review: { customRules: { x: { message: m, line: a, paths: ["${glob}"] } } }`,
  ];
  it.each(["", "a".repeat(501), "{a,b}".repeat(20)].flatMap(at))("is refused: %.60s", (text) => {
    expect(problems(text)).toHaveLength(1);
  });
  it.each(["a".repeat(500), "{a,b}".repeat(6), "[", "{", "**", "\\\\", "*".repeat(500)].flatMap(at))(
    "is used where it is accepted: %.60s",
    (text) => {
      const settings = merged(layer(text)).review;
      expect(() => levelIn(settings)("secret", "a/b", "off")).not.toThrow();
      expect(() => [settings.ignore.paths, settings.options.publicApi].map((list) => globs(list)("a/b"))).not.toThrow();
    },
  );
});
