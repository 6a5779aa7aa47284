import { array, assert, constantFrom, property } from "fast-check";
import { expect, it } from "vitest";
import { addedLines, removedLines } from "./lines.js";
import { lineDiff } from "./line-diff.js";

const changes = (before: string, after: string) => {
  const file = { hunks: lineDiff(before, after) };
  return {
    added: addedLines(file).map(({ line, text }) => `${line} ${text}`),
    removed: removedLines(file).map(({ line, text }) => `${line} ${text}`),
  };
};

it("names only the lines that changed, between lines that did not", () => {
  expect(changes("a\nb\nc\nd\ne\n", "a\nB\nc\nd\nE\nf\n")).toEqual({
    added: ["2 B", "5 E", "6 f"],
    removed: ["2 b", "5 e"],
  });
  expect(changes("", "a\n")).toEqual({ added: ["1 a"], removed: [] });
  expect(changes("a\n", "a\n")).toEqual({ added: [], removed: [] });
});

it("leads from any text to any other", () => {
  const lines = array(constantFrom<string>("a", "b", "c"), { maxLength: 12 });
  assert(
    property(lines, lines, (old, now) => {
      const file = { hunks: lineDiff(old.join("\n"), now.join("\n")) };
      const gone = new Set(removedLines(file).map(({ line }) => line));
      const come = new Map(addedLines(file).map(({ line, text }) => [line, text]));
      const kept = old.filter((_, index) => !gone.has(index + 1));
      const result: string[] = [];
      for (let line = 1; line <= kept.length + come.size; line += 1) {
        result.push(come.get(line) ?? kept[result.filter((_, index) => !come.has(index + 1)).length] ?? "?");
      }
      expect(result).toEqual(now.length === 1 && now[0] === "" ? [] : now);
    }),
  );
});

it("treats texts with too many differences as replaced", () => {
  const text = (mark: string) => Array.from({ length: 3_000 }, (_, index) => `${mark}${index}`).join("\n");
  const [hunk, ...more] = lineDiff(`same\n${text("a")}`, `same\n${text("b")}`);
  expect(more).toEqual([]);
  expect(hunk).toMatchObject({ oldStart: 2, oldLines: 3_000, newStart: 2, newLines: 3_000 });
});
