import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sample, stringMatching } from "fast-check";
import type { Suite, SuiteCase } from "./suite.js";

/** gitleaks' own samples of the formats that can be told without a name beside them, and all that it declares harmless. */
export const gitleaks: Suite = {
  name: "gitleaks/gitleaks formats",
  rules: ["secret"],
  leastRecall: 0.9,
  mostFalse: 0.01,
  cases: (folder) => {
    const rules = join(folder, "cmd/generate/config/rules");
    return readdirSync(rules)
      .filter((name) => name.endsWith(".go") && !name.endsWith("_test.go"))
      .flatMap((name) => casesIn(readFileSync(join(rules, name), "utf8")));
  },
};

/** Harmless to one rule of the suite since another of its rules finds them: keys of Anthropic's other kind, and a JWT. */
const OTHER_RULES = [/^sk-ant-(?:admin01|api03)-\S{93}AA$/, /Basic eyJ/];

function casesIn(source: string): readonly SuiteCase[] {
  return source.split(/^func /m).flatMap((part) => {
    const id = /RuleID:\s+"([^"]+)"/.exec(part)?.[1];
    if (id === undefined || part.includes("ValidateWithPaths")) return [];
    const own = !part.includes("GenerateSemiGenericRegex");
    const bad = samples(part, "tps");
    const good = samples(part, "fps").filter((text) => !OTHER_RULES.some((other) => other.test(text)));
    const caseOf = (text: string, found: SuiteCase["bad"]): SuiteCase => ({
      group: id,
      file: { path: "config/settings.txt", after: `${text}\n` },
      bad: found,
    });
    return [...(own ? bad.map((text) => caseOf(text, "any")) : []), ...good.map((text) => caseOf(text, []))];
  });
}

/** The strings that are given to `tps` or `fps`, as far as they can be computed here. */
function samples(source: string, name: "tps" | "fps"): readonly string[] {
  const starts = [...source.matchAll(new RegExp(String.raw`\b${name}\s*:?=\s*(?=\S)`, "g"))];
  return starts.flatMap((start) => new Go(source, start.index + start[0].length).list());
}

/** Reads the few forms of Go expressions that the samples are written in. */
class Go {
  constructor(
    private readonly source: string,
    private at: number,
  ) {}

  /** `[]string{…}`, `append(tps, …)` or a call that makes samples. */
  list(): readonly string[] {
    if (this.eat(/\[\]string\{/y)) return this.items(/\}/y);
    if (this.eat(/append\(\s*\w+\s*,/y)) return this.items(/\)/y);
    return this.item();
  }

  private items(end: RegExp): readonly string[] {
    const all: string[] = [];
    for (;;) {
      this.blank();
      if (this.eat(end) || this.at >= this.source.length) return all;
      const before = this.at;
      all.push(...this.item());
      this.eat(/\.\.\./y);
      this.blank();
      this.eat(/,/y);
      if (this.at === before) return all;
    }
  }

  private item(): readonly string[] {
    this.blank();
    if (this.eat(/utils\.GenerateSampleSecrets?\(/y)) {
      const name = this.text();
      this.blank();
      this.eat(/,/y);
      const secret = this.text();
      this.blank();
      this.eat(/\)/y);
      if (name === null || secret === null) return [];
      return [`${name}_token = "${secret}"`, `export ${name.toUpperCase()}_TOKEN=${secret}`, `  ${name}: '${secret}'`];
    }
    if (this.eat(/\[\]string\{/y)) return this.items(/\}/y);
    const text = this.text();
    if (text === null) this.skip();
    return text === null ? [] : [text];
  }

  /** A sum of texts; null: something that is not read here. */
  private text(): string | null {
    let sum = "";
    for (;;) {
      const term = this.term();
      if (term === null) return null;
      sum += term;
      this.blank();
      if (!this.eat(/\+/y)) return sum;
    }
  }

  private term(): string | null {
    this.blank();
    const raw = this.eat(/`([^`]*)`/y);
    if (raw) return raw[1] ?? "";
    const quoted = this.eat(/"((?:[^"\\\n]|\\.)*)"/y);
    if (quoted) return unescaped(quoted[1] ?? "");
    if (this.eat(/secrets\.NewSecret\(/y)) {
      const pattern = this.text();
      this.blank();
      this.eat(/\)/y);
      return pattern === null ? null : generated(pattern);
    }
    if (this.eat(/utils\.Hex8_4_4_4_12\(\)/y)) return "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    const size = this.eat(/utils\.(\w+)\("([^"]+)"\)/y);
    if (size) return classOf(size[1] ?? "", size[2] ?? "");
    if (this.eat(/fmt\.Sprintf\(/y)) return this.formatted();
    return null;
  }

  private formatted(): string | null {
    const form = this.text();
    const values: string[] = [];
    for (;;) {
      this.blank();
      if (this.eat(/\)/y)) break;
      if (!this.eat(/,/y)) return null;
      this.blank();
      if (this.source[this.at] === ")") continue;
      const value = this.text();
      if (value === null) return null;
      values.push(value);
    }
    return form?.replaceAll(/%s/g, () => values.shift() ?? "") ?? null;
  }

  /** Past something that is not read, to the next comma or bracket at this depth. */
  private skip(): void {
    for (let depth = 0; this.at < this.source.length; this.at += 1) {
      const character = this.source[this.at] ?? "";
      if ("([{".includes(character)) depth += 1;
      if (")]}".includes(character) && depth-- === 0) return;
      if (character === "," && depth === 0) return;
    }
  }

  private blank(): void {
    this.eat(/(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)+/y);
  }

  private eat(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (match) this.at += match[0].length;
    return match;
  }
}

const CLASSES: Readonly<Record<string, string>> = {
  Numeric: "[0-9]",
  Hex: "[a-f0-9]",
  AlphaNumeric: "[a-z0-9]",
  AlphaNumericExtendedShort: "[a-z0-9_-]",
  AlphaNumericExtended: "[a-z0-9=_-]",
  AlphaNumericExtendedLong: "[a-z0-9/=_+-]",
};

function classOf(name: string, size: string): string | null {
  const characters = CLASSES[name];
  return characters === undefined ? null : `${characters}{${size}}`;
}

let seed = 0;

/** The same for every run of the bench. */
function generated(pattern: string): string {
  const expression = new RegExp(`^(?:${pattern.replaceAll(/\(\?[a-z-]+\)|\\b/g, "")})$`);
  seed += 1;
  return sample(stringMatching(expression), { numRuns: 1, seed })[0] ?? "";
}

function unescaped(text: string): string {
  return text.replaceAll(
    /\\(.)/g,
    (_all, character: string) => ({ n: "\n", t: "\t", r: "\r" })[character] ?? character,
  );
}
