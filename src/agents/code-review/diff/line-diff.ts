import type { DiffLine, Hunk } from "./diff.js";

/** The most edits; above this a changed part counts as replaced. The search takes their square. */
const MOST_EDITS = 1_000;

interface Edit {
  readonly kind: DiffLine["kind"];
  readonly oldIndex: number;
  readonly newIndex: number;
}

/**
 * The changed lines between two texts, without context, for files without a diff at GitHub. Myers' shortest edit
 * script; if the texts differ too much, everything between their common beginning and end.
 */
export function lineDiff(before: string, after: string): readonly Hunk[] {
  const [old, now] = [linesIn(before), linesIn(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const [oldPart, newPart] = [old.slice(start, old.length - end), now.slice(start, now.length - end)];
  const edits = shortest(oldPart, newPart) ?? replaced(oldPart.length, newPart.length);
  return hunksOf(
    edits.map((edit) => ({ ...edit, oldIndex: edit.oldIndex + start, newIndex: edit.newIndex + start })),
    old,
    now,
  );
}

function linesIn(text: string): readonly string[] {
  const lines = text.split("\n");
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function replaced(removed: number, added: number): readonly Edit[] {
  return [
    ...Array.from({ length: removed }, (_, index): Edit => ({ kind: "removed", oldIndex: index, newIndex: 0 })),
    ...Array.from({ length: added }, (_, index): Edit => ({ kind: "added", oldIndex: removed, newIndex: index })),
  ];
}

/** Source: E. Myers, 'An O(ND) Difference Algorithm and Its Variations', 1986. Null: more edits than the limit. */
function shortest(old: readonly string[], now: readonly string[]): readonly Edit[] | null {
  const trace: Map<number, number>[] = [];
  let furthest = new Map<number, number>([[1, 0]]);
  for (let edits = 0; edits <= Math.min(old.length + now.length, MOST_EDITS); edits += 1) {
    trace.push(furthest);
    const next = new Map(furthest);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = stepsDown(furthest, diagonal, edits)
        ? (furthest.get(diagonal + 1) ?? 0)
        : (furthest.get(diagonal - 1) ?? 0) + 1;
      let y = x - diagonal;
      while (x < old.length && y < now.length && old[x] === now[y]) [x, y] = [x + 1, y + 1];
      next.set(diagonal, x);
      if (x >= old.length && y >= now.length) return backtrack(trace, old.length, now.length);
    }
    furthest = next;
  }
  return null;
}

function stepsDown(furthest: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  if (diagonal === -edits) return true;
  return diagonal !== edits && (furthest.get(diagonal - 1) ?? 0) < (furthest.get(diagonal + 1) ?? 0);
}

function backtrack(trace: readonly ReadonlyMap<number, number>[], x: number, y: number): readonly Edit[] {
  const script: Edit[] = [];
  for (let edits = trace.length - 1; edits > 0; edits -= 1) {
    const furthest = trace[edits] ?? new Map<number, number>();
    const down = stepsDown(furthest, x - y, edits);
    const from = x - y + (down ? 1 : -1);
    const fromX = furthest.get(from) ?? 0;
    const fromY = fromX - from;
    script.push(
      down
        ? { kind: "added", oldIndex: fromX, newIndex: fromY }
        : { kind: "removed", oldIndex: fromX, newIndex: fromY },
    );
    [x, y] = [fromX, fromY];
  }
  return script.toReversed();
}

/** Consecutive edits form one hunk. */
function hunksOf(edits: readonly Edit[], old: readonly string[], now: readonly string[]): readonly Hunk[] {
  const hunks: Hunk[] = [];
  let run: Edit[] = [];
  const close = () => {
    const [first] = run;
    if (first) hunks.push(hunkOf(run, first, old, now));
    run = [];
  };
  for (const edit of edits) {
    const last = run.at(-1);
    const follows =
      last &&
      edit.oldIndex === last.oldIndex + (last.kind === "removed" ? 1 : 0) &&
      (edit.kind === "removed" || edit.newIndex === last.newIndex + (last.kind === "added" ? 1 : 0));
    if (!follows && last) close();
    run.push(edit);
  }
  close();
  return hunks;
}

function hunkOf(run: readonly Edit[], first: Edit, old: readonly string[], now: readonly string[]): Hunk {
  const removed = run.filter(({ kind }) => kind === "removed").length;
  const firstAdded = run.find(({ kind }) => kind === "added");
  return {
    oldStart: first.oldIndex + 1,
    oldLines: removed,
    newStart: (firstAdded?.newIndex ?? first.newIndex) + 1,
    newLines: run.length - removed,
    lines: run.map(({ kind, oldIndex, newIndex }, index) => ({
      kind,
      text: (kind === "removed" ? old[oldIndex] : now[newIndex]) ?? "",
      oldLine: kind === "removed" ? oldIndex + 1 : null,
      newLine: kind === "added" ? newIndex + 1 : null,
      position: index + 1,
      noNewline: false,
    })),
  };
}
