/** The contexts that an expression's value may contain: `github.event.issue.title`, lower case, indices as `.*`. */
export function valuesOf(expression: string): readonly string[] {
  const tokens = tokensOf(expression);
  return tokens ? new Parser(tokens).values() : [];
}

const TOKEN = /\s+|'(?:[^']|'')*'|&&|\|\||[=!<>]=|[<>!()[\],.*]|[\w-]+/gy;
/** Functions that return only a boolean, a number or a hash. */
const HARMLESS: ReadonlySet<string> = new Set([
  "contains",
  "startswith",
  "endswith",
  "hashfiles",
  "success",
  "failure",
  "always",
  "cancelled",
]);
/** The longest expression, in characters: GitHub accepts 21,000 in a whole value. */
const LONGEST = 5_000;

function tokensOf(expression: string): readonly string[] | null {
  if (expression.length > LONGEST) return null;
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < expression.length; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(expression);
    if (!match) return null;
    if (match[0].trim() !== "") tokens.push(match[0]);
  }
  return tokens;
}

/** GitHub's grammar, with the possible values of each part. Source: docs.github.com, 'Evaluate expressions'. */
class Parser {
  private at = 0;
  constructor(private readonly tokens: readonly string[]) {}

  values(): readonly string[] {
    const first = this.both();
    return this.eat("||") ? [...first, ...this.values()] : first;
  }

  /** `a && b` is `b`, or an `a` that is empty. */
  private both(): readonly string[] {
    const first = this.comparison();
    return this.eat("&&") ? this.both() : first;
  }

  private comparison(): readonly string[] {
    const first = this.one();
    if (!["==", "!=", "<", ">", "<=", ">="].some((operator) => this.eat(operator))) return first;
    this.one();
    return [];
  }

  private one(): readonly string[] {
    if (this.eat("!")) {
      this.one();
      return [];
    }
    if (this.eat("(")) {
      const inner = this.values();
      this.eat(")");
      return this.path(inner.length === 1 ? (inner[0] ?? "") : "", inner);
    }
    const token = this.tokens[this.at++] ?? "";
    if (token.startsWith("'")) return [];
    if (this.tokens[this.at] !== "(") return this.path(token.toLowerCase(), null);
    const inner = this.listed();
    return HARMLESS.has(token.toLowerCase()) ? [] : inner;
  }

  private listed(): readonly string[] {
    this.eat("(");
    const all: string[] = [];
    while (this.at < this.tokens.length && !this.eat(")")) {
      const before = this.at;
      all.push(...this.values());
      this.eat(",");
      if (this.at === before) this.at += 1;
    }
    return all;
  }

  private path(start: string, held: readonly string[] | null): readonly string[] {
    let path = start;
    for (;;) {
      if (this.eat(".")) path += `.${(this.tokens[this.at++] ?? "").toLowerCase()}`;
      else if (this.eat("[")) {
        const token = this.tokens[this.at] ?? "";
        const literal = token.startsWith("'") && this.tokens[this.at + 1] === "]";
        path += literal ? `.${token.slice(1, -1).toLowerCase()}` : ".*";
        this.values();
        this.eat("]");
      } else break;
    }
    if (held && path === start) return held;
    return path === "" || /^(?:\d|true$|false$|null$)/.test(path) ? [] : [path];
  }

  private eat(token: string): boolean {
    const is = this.tokens[this.at] === token;
    if (is) this.at += 1;
    return is;
  }
}
