import type { SgNode } from "@ast-grep/napi";
import type { Language } from "../../languages.js";
import type { StructureMatch } from "../protocol.js";
import { Definitions } from "./definitions.js";
import { argumentsOf, type Composed, Texts } from "./texts.js";

type Kind = "script" | "python" | "go";

/** Calls whose arguments are queries, recognised by text that begins like SQL. */
const QUERIES: Readonly<Record<Kind, RegExp>> = {
  script:
    /(?:^|\.)(?:query|execute|exec|raw|run|all|get|each|one|none|any|many|oneOrNone|manyOrNone|prepare|unsafe|literal|\$?(?:query|execute)Raw(?:Unsafe)?|querySql|sql|createQueryBuilder|whereRaw|selectRaw)$/,
  python:
    /(?:^|\.)(?:execute|executemany|executescript|execute_async|raw|text|read_sql|read_sql_query|fetch|fetchrow|fetchval|fetchone|fetchall|run|query|RawSQL|mogrify|exec_driver_sql|cursor|sql|stream|execute_query)$/,
  go: /\.(?:Must|Named|Tx)?(?:Query|Exec|Prepare|Raw|Select|Get|Queue)\w*$/,
};

const VERBS =
  /^\s*(?:(?:with\b[^;]{0,300}\)\s*)?select\b[\s\S]*?\bfrom|insert\s+into|replace\s+into|update\b[\s\S]*?\bset|delete\s+from|merge\s+into|call|exec(?:ute)?)\b/i;
/**
 * Positions of values in SQL: after a comparison, in quotes, in a list. Names of tables and columns cannot be
 * parameters, and are reported only if they come from input.
 */
const PLACE = /(?:=|<|>|'|"|\blike|\blimit|\boffset|\bin\s*\(|\bvalues\s*\(|\bvalues|\bbetween|\band|,)\s*['"%(]*$/i;

/** Values that reach the text of a query or of a command line, also through variables of the same function. */
export function findInjections(root: SgNode, language: Language): readonly StructureMatch[] {
  const kind: Kind = language === "python" || language === "go" ? language : "script";
  const sinks = root
    .findAll({ rule: { kind: kind === "python" ? "call" : "call_expression" } })
    .map((call) => ({ call, name: (call.field("function")?.text() ?? "").replaceAll(/\s|\?(?=\.)/g, "") }))
    .filter(({ name }) => [QUERIES, EXEC, SPAWN].some((names) => names[kind].test(name)));
  // Reading every definition of a large file takes a second, so it is done only if a call can use one.
  if (sinks.length === 0) return [];
  const texts = new Texts(new Definitions(root, language));
  return sinks.flatMap(({ call, name }) => {
    const query = QUERIES[kind].test(name) ? queryIn(call, texts) : null;
    const command = query ? null : commandIn(call, name, kind, texts);
    return [
      ...(query ? [matchOf("sql-injection", query, call)] : []),
      ...(command ? [matchOf("shell-injection", command, call)] : []),
    ];
  });
}

/** Reported where the text is built; for a command line, at the call. */
function matchOf(rule: string, { at }: Composed, call: SgNode): StructureMatch {
  const { start: from, end: to } = call.range();
  const isInside = at.range().start.index >= from.index && at.range().end.index <= to.index;
  const { start, end } = (isInside && rule === "shell-injection" ? call : at).range();
  return {
    rule,
    startLine: start.line + 1,
    endLine: end.line + 1,
    line: start.line + 1,
    usedAt: call.range().start.line + 1,
    replacement: null,
  };
}

function queryIn(call: SgNode, texts: Texts): Composed | null {
  for (const argument of argumentsOf(call).flatMap(textsIn))
    for (const composed of texts.read(argument)) if (isQuery(composed)) return composed;
  return null;
}

/** `{ text: … }` and `{ sql: … }` are queries with options. */
function textsIn(argument: SgNode): readonly SgNode[] {
  if (argument.kind() !== "object") return [argument];
  return argument.children().flatMap((pair) => {
    const key = pair.field("key")?.text().replaceAll(/["']/g, "") ?? "";
    const value = pair.field("value");
    if (pair.kind() === "shorthand_property_identifier" && /^(?:text|sql|query)$/.test(pair.text())) return [pair];
    return value && /^(?:text|sql|query)$/.test(key) ? [value] : [];
  });
}

function isQuery({ pieces }: Composed): boolean {
  const whole = pieces.map(({ text }) => text ?? "\u0001").join("");
  if (!VERBS.test(whole)) return false;
  let before = "";
  for (const { text, sent } of pieces) {
    if (text === null && (sent || PLACE.test(before))) return true;
    before += text ?? "\u0001";
  }
  return false;
}

const EXEC: Readonly<Record<Kind, RegExp>> = {
  script:
    /^(?:(?:child_process|cp|childProcess|child|proc)\.)?(?:exec|execSync)$|^(?:execAsync|execPromise|execP|execaCommand|execaCommandSync|shelljs\.exec|shell\.exec)$/,
  python:
    /^(?:os\.(?:system|popen\d?)|popen2\.\w+|commands\.getoutput|commands\.getstatusoutput|(?:subprocess|sp)\.(?:getoutput|getstatusoutput)|(?:\w+\.)?create_subprocess_shell|(?:\w+\.)+subprocess_shell|\w+\.exec_command)$/,
  go: /^\b$/,
};
const SPAWN: Readonly<Record<Kind, RegExp>> = {
  script:
    /^(?:(?:child_process|cp|childProcess|child|proc)\.)?(?:spawn|spawnSync|execFile|execFileSync)$|^(?:execa|execaSync)$/,
  python:
    /^(?:(?:subprocess|sp)\.)?(?:run|call|check_call|check_output|Popen)$|(?:^|\.)(?:create_subprocess_exec|subprocess_exec)$|^os\.(?:exec[lv]\w*|spawn[lv]\w*|posix_spawn\w*)$/,
  go: /^exec\.Command(?:Context)?$/,
};
const SHELL = /^(?:\/(?:usr\/)?bin\/)?(?:(?:ba|z|da|k)?sh|cmd(?:\.exe)?|powershell(?:\.exe)?|pwsh)$/i;
const COMMAND_FLAG = /^(?:-[a-z]*c|\/c|-command)$/i;

function commandIn(call: SgNode, name: string, kind: Kind, texts: Texts): Composed | null {
  const list = argumentsOf(call);
  if (EXEC[kind].test(name)) return composedIn(list.slice(0, 2), texts);
  if (!SPAWN[kind].test(name)) return null;
  const words = list.flatMap(wordsIn);
  const shell = words.findIndex((word) => SHELL.test(literalOf(word, texts)));
  const flag = words.findIndex((word, index) => index > shell && COMMAND_FLAG.test(literalOf(word, texts)));
  if (shell >= 0 && flag >= 0) return composedIn(words.slice(flag + 1), texts);
  if (kind !== "go" && list.some(isShellOption)) return composedIn(words, texts);
  if (kind === "python" && !name.startsWith("os.")) return null;
  const program = words.slice(0, 2).find((word) => literalOf(word, texts) !== "");
  return program ? (texts.read(program).find(({ pieces }) => pieces.some(({ sent }) => sent)) ?? null) : null;
}

/** Arguments, including those inside a list. */
function wordsIn(argument: SgNode): readonly SgNode[] {
  if (argument.kind() === "array" || argument.kind() === "list" || argument.kind() === "tuple")
    return argument.children().filter((part) => part.isNamed());
  if (argument.kind() === "keyword_argument")
    return argument.field("name")?.text() === "args"
      ? [argument.field("value")].flatMap((value) => (value ? wordsIn(value) : []))
      : [];
  return argument.kind() === "object" ? [] : [argument];
}

function literalOf(node: SgNode, texts: Texts): string {
  const [text] = texts.read(node);
  return text?.pieces.map((piece) => piece.text ?? "\u0001").join("") ?? "";
}

function isShellOption(argument: SgNode): boolean {
  if (argument.kind() === "keyword_argument") return /^shell\s*=\s*True$/.test(argument.text());
  return argument.kind() === "object" && /\bshell["']?\s*:\s*(?!false\b)/.test(argument.text());
}

/** A command line that contains a value, or that comes from input as a whole. */
function composedIn(nodes: readonly SgNode[], texts: Texts): Composed | null {
  for (const node of nodes)
    for (const composed of texts.read(node)) {
      const { pieces } = composed;
      const values = pieces.filter(({ text }) => text === null);
      const isMixed = values.length > 0 && pieces.some(({ text }) => text !== null && text.trim() !== "");
      if (isMixed || values.some(({ sent }) => sent)) return composed;
    }
  return null;
}
