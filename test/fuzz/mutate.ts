/** A seeded source of choices: the same seed gives the same inputs. */
export interface Choices {
  /** A whole number from 0 up to, and without, `below`. */
  below(below: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
}

/** xorshift32: fast, and good enough for choices. */
export function choicesOf(seed: number): Choices {
  let state = seed | 0 || 1;
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  return { below, pick: (from) => from[below(from.length)] ?? from[0] };
}

/** Pieces on which parsers stumble. */
const PIECES = [
  "",
  "\0",
  "\uD800",
  "\uFEFF",
  "\u202E",
  "\r\n",
  "\n",
  "\t",
  " ",
  "''",
  '"',
  "`",
  "\\",
  "/",
  "//",
  "..",
  "*",
  "**",
  "?",
  "[",
  "]",
  "{",
  "}",
  "&a",
  "*a",
  "<<: ",
  "!!js",
  "---",
  "- ",
  ": ",
  "#",
  "@",
  "@@",
  "@@ -1 +1 @@",
  "+",
  "-",
  "=",
  ";",
  ",",
  "%00",
  "%",
  "$",
  "__proto__",
  "constructor",
  "null",
  "true",
  "-1",
  "0",
  "1e999",
  "9007199254740993",
  "NaN",
  "é",
  "𝒳",
  "‮",
  "A".repeat(300),
] as const;

/** Changes a text in one to four places: inserts, deletes, repeats, swaps, cuts. */
export function mutateText(text: string, choices: Choices): string {
  let result = text;
  for (let n = choices.below(4); n >= 0; n -= 1) {
    const at = choices.below(result.length + 1);
    const length = choices.below(Math.min(40, result.length - at + 1));
    const part = result.slice(at, at + length);
    const rest = result.slice(at + length);
    const head = result.slice(0, at);
    result = choices.pick<() => string>([
      () => head + choices.pick(PIECES) + result.slice(at),
      () => head + rest,
      () => head + part + part + rest,
      () => head + choices.pick(PIECES) + rest,
      () => rest + head,
      () => head + String.fromCharCode(choices.below(0x10000)) + result.slice(at),
      () => head,
    ])();
  }
  return result.slice(0, 20_000);
}

const VALUES: readonly [unknown, ...unknown[]] = [
  ...([null, true, false, 0, -1, 1.5, 2 ** 53, 1e308, "", "0", [], {}, [[]]] as const),
  ...(["2026-02-31T25:61:61Z", "+275760-09-13T00:00:00Z", "\0", "\uD800", "a/b/c", "x".repeat(5_000)] as const),
  ...([{ __proto__: null }, { id: "1" }, [null], { id: -1 }] as const),
];

/** Changes one to four values somewhere in a JSON value: replaces, removes, or moves them. */
export function mutateJson(value: unknown, choices: Choices): unknown {
  const copy: unknown = structuredClone(value);
  for (let n = choices.below(4); n >= 0; n -= 1) mutateOne(copy, choices);
  return copy;
}

function mutateOne(root: unknown, choices: Choices): void {
  let node: unknown = root;
  for (;;) {
    if (typeof node !== "object" || node === null) return;
    const keys = Object.keys(node);
    const [first, ...others] = keys;
    if (first === undefined) return;
    const key = choices.pick([first, ...others]);
    const inner: unknown = Reflect.get(node, key);
    const deeper = typeof inner === "object" && inner !== null && choices.below(3) > 0;
    if (!deeper) return change(node, key, inner, choices);
    node = inner;
  }
}

function change(node: object, key: string, inner: unknown, choices: Choices): void {
  const how = choices.below(4);
  if (how === 0) Reflect.deleteProperty(node, key);
  else if (how === 1 && typeof inner === "string") Reflect.set(node, key, mutateText(inner, choices));
  // A copy: the next change may be inside it.
  else Reflect.set(node, key, structuredClone(choices.pick(VALUES)));
}
