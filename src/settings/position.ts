import { isMap, isNode, isScalar, isSeq, type Document, type LineCounter } from "yaml";

/** A place in a settings file, from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Finds a setting in the file that it was read from. */
export type PositionOf = (path: readonly PropertyKey[]) => Position;

/** Where a setting is: at its key, or at the nearest one above it that is in the file. */
export function settingAt(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): Position {
  let offset = offsetOf(document.contents) ?? 0;
  let node: unknown = document.contents;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      offset = offsetOf(pair?.key) ?? offset;
      node = pair?.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      offset = offsetOf(node) ?? offset;
    } else node = undefined;
  }
  return positionAt(lines, offset);
}

/** An empty file has its first line, too. */
export function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
