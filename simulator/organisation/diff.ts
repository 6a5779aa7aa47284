/** One step from the old lines to the new ones. */
interface Line {
  readonly sign: " " | "+" | "-";
  readonly text: string;
}

const CONTEXT = 3;
/** Above this many pairs of lines the middle is shown as replaced as a whole. */
const MAX_PAIRS = 1_000_000;

function splitLines(content: string): string[] {
  if (content === "") return [];
  const lines = content.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function middle(before: readonly string[], after: readonly string[]): Line[] {
  const removed = before.map((text): Line => ({ sign: "-", text }));
  const added = after.map((text): Line => ({ sign: "+", text }));
  if (before.length * after.length > MAX_PAIRS || before.length === 0 || after.length === 0)
    return [...removed, ...added];
  const width = after.length + 1;
  const lengths = new Uint32Array((before.length + 1) * width);
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        before[i] === after[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length && j < after.length) {
    const old = before[i] ?? "";
    if (old === after[j]) {
      lines.push({ sign: " ", text: old });
      i += 1;
      j += 1;
    } else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) {
      lines.push({ sign: "-", text: old });
      i += 1;
    } else {
      lines.push({ sign: "+", text: after[j] ?? "" });
      j += 1;
    }
  }
  return [...lines, ...removed.slice(i), ...added.slice(j)];
}

function linesOf(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end += 1;
  }
  const same = (text: string): Line => ({ sign: " ", text });
  return [
    ...before.slice(0, start).map(same),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ];
}

function hunks(lines: readonly Line[]): string[] {
  const near = lines.map((_, index) =>
    lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some((line) => line.sign !== " "),
  );
  const texts: string[] = [];
  let oldLine = 1;
  let newLine = 1;
  for (let index = 0; index < lines.length;) {
    if (near[index] !== true) {
      oldLine += 1;
      newLine += 1;
      index += 1;
      continue;
    }
    const stop = near.indexOf(false, index);
    const part = lines.slice(index, stop === -1 ? lines.length : stop);
    const olds = part.filter((line) => line.sign !== "+").length;
    const news = part.filter((line) => line.sign !== "-").length;
    const from = `${olds === 0 ? oldLine - 1 : oldLine},${olds}`;
    const to = `${news === 0 ? newLine - 1 : newLine},${news}`;
    texts.push(`@@ -${from} +${to} @@`, ...part.map((line) => line.sign + line.text));
    oldLine += olds;
    newLine += news;
    index += part.length;
  }
  return texts;
}

export interface Diff {
  readonly additions: number;
  readonly deletions: number;
  /** Unified, without file headers, as GitHub's `patch`. */
  readonly patch: string;
}

/** The difference of two texts as GitHub's API shows it. */
export function diff(before: string, after: string): Diff {
  const lines = linesOf(splitLines(before), splitLines(after));
  return {
    additions: lines.filter((line) => line.sign === "+").length,
    deletions: lines.filter((line) => line.sign === "-").length,
    patch: hunks(lines).join("\n"),
  };
}
