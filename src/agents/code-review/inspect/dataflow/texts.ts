import type { SgNode } from "@ast-grep/napi";
import type { Definitions } from "./definitions.js";

/** A part of a text: literal, or a value from elsewhere. */
export interface Piece {
  readonly text: string | null;
  /** Whether the value is input: a request, a command line argument, the environment. */
  readonly sent: boolean;
}

/** A text's parts, and the node that builds it. */
export interface Composed {
  readonly pieces: readonly Piece[];
  readonly at: SgNode;
}

const VALUE: Piece = { text: null, sent: false };
const NOTHING: readonly Piece[] = [{ text: "", sent: false }];
/** The most assignments to follow, and the most alternatives to keep. */
const [MOST_STEPS, MOST_TEXTS, MOST_NODES] = [8, 6, 2_000];

const SENT =
  /\b(?:req(?:uest)?\s*\.\s*(?:query|params|body|headers|cookies|args|form|values|json|data|files|GET|POST|URL|FormValue|PostFormValue|path_params|query_params|get_json|get_data)|flask\.request|sys\.argv|os\.environ|os\.getenv|process\.(?:argv|env)|os\.Args|flag\.Arg|os\.Getenv|parse_(?:known_)?args\(|getopt\.|optparse\.|input\(|raw_input\(|event\[|event\.(?:query|body|path|get)|r\.URL\.Query|r\.(?:FormValue|PostFormValue)|ctx\.(?:query|params|request)|location\.(?:search|hash))/;
/** Results of these functions cannot inject text: numbers, hashes, quoted text. */
const CLEAN =
  /(?:^|\.|_)(?:int|float|bool|len|Atoi|ParseInt|ParseUint|ParseFloat|ParseBool|Number|parseInt|parseFloat|BigInt|Boolean|Itoa|FormatInt|FormatUint|FormatBool|quote|quoted|quote_ident|quote_plus|escape\w*|sanitize\w*|encodeURIComponent|shellescape|shlex_quote|uuid4|randomUUID|hexdigest|hash\w*|now|time|getTime|Date|QuoteIdentifier|QuoteLiteral|Identifier|Literal|Sanitize|ident|id|raw|sql)$/i;
const PASSES =
  /(?:^|\.)(?:str|String|toString|strip|trim|trimEnd|trimStart|lower|upper|toLowerCase|toUpperCase|rstrip|lstrip|encode|decode|replace|replaceAll|TrimSpace|ToLower|ToUpper|dedent|text|TextClause)$/;
const PLACEHOLDERS = /placeholder|[=>(,[]\s*["'`](?:\?|\$|%s|:)|\?,/i;
const CONSTANT = /^(?:[A-Z][A-Z0-9_]*|(?:\w+\.)+[A-Z][A-Z0-9_]*)$/;

/** The possible texts of a node, in any of the languages. */
export class Texts {
  private left = 0;

  constructor(private readonly definitions: Definitions) {}

  /** The possible texts of a call's argument. A value that is too complex to follow counts as unknown. */
  read(node: SgNode): readonly Composed[] {
    this.left = MOST_NODES;
    return this.of(node, MOST_STEPS);
  }

  private of(node: SgNode, steps: number): readonly Composed[] {
    this.left -= 1;
    return this.left < 0 ? [this.composed(node, [VALUE])] : this.alternatives(node, steps).slice(0, MOST_TEXTS);
  }

  private alternatives(node: SgNode, steps: number): readonly Composed[] {
    const kind = String(node.kind());
    const inner = () => this.alternatives(child(node), steps);
    switch (kind) {
      case "string":
      case "template_string":
        return [this.composed(node, this.literal(node, steps))];
      case "concatenated_string":
        return [
          this.joined(
            node,
            node.children().filter((part) => part.isNamed()),
            steps,
          ),
        ];
      case "interpreted_string_literal":
      case "raw_string_literal":
        return [this.composed(node, [{ text: node.text().slice(1, -1), sent: false }])];
      case "number":
      case "integer":
      case "float":
      case "int_literal":
      case "true":
      case "false":
      case "null":
      case "none":
        return [this.composed(node, [{ text: node.text(), sent: false }])];
      case "parenthesized_expression":
      case "await_expression":
      case "await":
      case "as_expression":
      case "satisfies_expression":
      case "non_null_expression":
      case "keyword_argument":
        return kind === "keyword_argument" ? this.alternatives(node.field("value") ?? node, steps) : inner();
      case "binary_expression":
      case "binary_operator":
        return this.binary(node, steps);
      case "ternary_expression":
      case "conditional_expression":
        return this.choices(node, steps);
      case "identifier":
        return this.variable(node, steps);
      case "call":
      case "call_expression":
        return this.call(node, steps);
      case "member_expression":
      case "attribute":
      case "selector_expression":
      case "subscript":
      case "subscript_expression":
      case "index_expression":
        return [this.composed(node, CONSTANT.test(node.text()) ? NOTHING : [this.part(node, steps)])];
      case "comparison_operator":
      case "boolean_operator":
      case "not_operator":
      case "unary_expression":
        return [this.composed(node, NOTHING)];
      default:
        return [this.composed(node, [value(node)])];
    }
  }

  /** A part of a value is input if the whole is. */
  private part(node: SgNode, steps: number): Piece {
    const own = value(node);
    let base = node.field("object") ?? node.field("operand") ?? node.field("value");
    while (base && base.kind() !== "identifier")
      base = base.field("object") ?? base.field("operand") ?? base.field("value");
    if (own.sent || !base || steps <= 0) return own;
    return { text: null, sent: this.pieces(base, steps - 1).some(({ sent }) => sent) };
  }

  private composed(at: SgNode, pieces: readonly Piece[]): Composed {
    return { pieces, at };
  }

  private joined(at: SgNode, parts: readonly SgNode[], steps: number): Composed {
    return this.composed(
      at,
      parts.flatMap((part) => this.pieces(part, steps)),
    );
  }

  private pieces(node: SgNode, steps: number): readonly Piece[] {
    return this.of(node, steps)[0]?.pieces ?? [VALUE];
  }

  /** A string with its interpolated values. */
  private literal(node: SgNode, steps: number): readonly Piece[] {
    const holes = node
      .children()
      .filter((part) => part.kind() === "template_substitution" || part.kind() === "interpolation");
    const text = node.text();
    const start = node.range().start.index;
    const open = /^[a-zA-Z]*(?:"""|'''|["'`])/.exec(text)?.[0].length ?? 0;
    let at = open;
    const pieces: Piece[] = [];
    for (const hole of holes) {
      const { start: from, end } = hole.range();
      pieces.push({ text: text.slice(at, from.index - start), sent: false });
      const inside = hole.children().find((part) => part.isNamed());
      pieces.push(...(inside ? this.pieces(inside, steps) : [VALUE]));
      at = end.index - start;
    }
    const close = /(?:"""|'''|["'`])$/.exec(text)?.[0].length ?? 0;
    return [...pieces, { text: text.slice(at, text.length - close), sent: false }];
  }

  private binary(node: SgNode, steps: number): readonly Composed[] {
    const [left, right] = [node.field("left"), node.field("right")];
    const operator = node.field("operator")?.text() ?? "";
    if (!left || !right) return [this.composed(node, [VALUE])];
    if (operator === "+") return [this.joined(node, [left, right], steps)];
    if (operator === "%") {
      const values = right.kind() === "tuple" ? right.children().filter((part) => part.isNamed()) : [right];
      return this.of(left, steps).map(({ pieces }) =>
        this.composed(node, this.filled(pieces, values, /%(?:\(\w+\))?[-+0-9.]*[a-zA-Z]/, steps)),
      );
    }
    if (/^(?:[!=<>]=?=?|===|!==|[-*/&|]|&&)$/.test(operator)) return [this.composed(node, NOTHING)];
    if (["??", "||", "or"].includes(operator))
      return [...this.alternatives(left, steps), ...this.alternatives(right, steps)];
    return [this.composed(node, [value(node)])];
  }

  private choices(node: SgNode, steps: number): readonly Composed[] {
    const named = node.children().filter((part) => part.isNamed());
    const [first, second, third] = named;
    const branches = node.kind() === "ternary_expression" ? [second, third] : [first, third];
    return branches.flatMap((branch) => (branch ? this.alternatives(branch, steps) : []));
  }

  private variable(node: SgNode, steps: number): readonly Composed[] {
    const name = node.text();
    if (/placeholders?$/i.test(name)) return [this.composed(node, NOTHING)];
    const definitions = steps > 0 ? this.definitions.of(name, node) : [];
    if (definitions.length === 0)
      return [
        this.composed(node, CONSTANT.test(name) || this.definitions.isNumber(name, node) ? NOTHING : [value(node)]),
      ];
    const set = definitions.filter(({ appends }) => !appends);
    const ends = definitions.filter(({ appends }) => appends);
    const starts =
      set.length === 0 ? [this.composed(node, NOTHING)] : set.flatMap((one) => this.of(one.value, steps - 1));
    return starts.slice(0, MOST_TEXTS).map((start) => {
      const isBare = start.pieces.every(({ text }) => text === null || text === "");
      if (ends.length === 0) return isBare ? { ...start, at: node } : start;
      const added = ends.flatMap((end) => this.pieces(end.value, steps - 1));
      const last = ends.find((end) => this.pieces(end.value, steps - 1).some(({ text }) => text === null)) ?? ends[0];
      return this.composed(last?.value ?? start.at, [...start.pieces, ...added]);
    });
  }

  private call(node: SgNode, steps: number): readonly Composed[] {
    const callee = node.field("function");
    const name = callee?.text() ?? "";
    const list = argumentsOf(node);
    const [first] = list;
    const object = callee?.field("object") ?? callee?.field("operand");
    if (/(?:^|\.)(?:Sprintf|Sprint|Sprintln)$|^util\.format$/.test(name) && first) {
      if (/Sprint(?:ln)?$/.test(name)) return [this.joined(node, list, steps)];
      return this.of(first, steps).map(({ pieces }) =>
        this.composed(node, this.filled(pieces, list.slice(1), /%[-+#0-9.]*(?:\[\d+\])?[a-zA-Z]/, steps)),
      );
    }
    if (name.endsWith(".format") && object)
      return this.of(object, steps).map(({ pieces }) =>
        this.composed(node, this.filled(pieces, list, /\{[^{}]*\}/, steps)),
      );
    if (name.endsWith(".concat") && object) return [this.joined(node, [object, ...list], steps)];
    if (/\.join$|^strings\.Join$/.test(name)) return [this.joinOf(node, steps)];
    if (PLACEHOLDERS.test(node.text()) || CLEAN.test(name)) return [this.composed(node, NOTHING)];
    if (PASSES.test(name)) {
      const inner = object && !/^(?:textwrap|strings|sqlalchemy|sa)$/.test(object.text()) ? object : first;
      if (inner) return this.alternatives(inner, steps);
    }
    return [this.composed(node, [value(node)])];
  }

  /** `["SELECT …", where].join(" ")`, `" ".join([…])`, `strings.Join([]string{…}, " ")`. */
  private joinOf(node: SgNode, steps: number): Composed {
    const callee = node.field("function");
    const list = [callee?.field("object"), callee?.field("operand"), ...argumentsOf(node)]
      .map((part) => (part?.kind() === "composite_literal" ? part.field("body") : part))
      .find((part) => part && ["array", "list", "literal_value"].includes(String(part.kind())));
    if (!list || PLACEHOLDERS.test(node.text()))
      return this.composed(node, PLACEHOLDERS.test(node.text()) ? NOTHING : [value(node)]);
    const parts = list.children().filter((part) => part.isNamed() && part.kind() !== "comment");
    const inner = parts.map((part) => (part.kind() === "literal_element" ? child(part) : part));
    return this.composed(
      node,
      inner.flatMap((part) => [...this.pieces(part, steps), { text: " ", sent: false }]),
    );
  }

  /** A format string with its values. */
  private filled(pieces: readonly Piece[], values: readonly SgNode[], hole: RegExp, steps: number): readonly Piece[] {
    const left = [...values];
    return pieces.flatMap((piece): readonly Piece[] => {
      if (piece.text === null) return [piece];
      const filled: Piece[] = [];
      let rest = piece.text;
      for (let match = hole.exec(rest); match; match = hole.exec(rest)) {
        filled.push({ text: rest.slice(0, match.index), sent: false });
        const next = left.shift();
        if (/%[-+#0-9.]*[dfxXbeEgGtcoqU]$/.test(match[0]) && !match[0].endsWith("q"))
          filled.push({ text: "0", sent: false });
        else if (match[0] !== "%%") filled.push(...(next ? this.pieces(next, steps) : [VALUE]));
        rest = rest.slice(match.index + match[0].length);
      }
      return [...filled, { text: rest, sent: false }];
    });
  }
}

export function argumentsOf(call: SgNode): readonly SgNode[] {
  return (call.field("arguments")?.children() ?? []).filter((part) => part.isNamed() && part.kind() !== "comment");
}

function value(node: SgNode): Piece {
  return { text: null, sent: SENT.test(node.text()) };
}

function child(node: SgNode): SgNode {
  return node.children().find((part) => part.isNamed()) ?? node;
}
