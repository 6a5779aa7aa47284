import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bounded, codeBlock, codeSpan } from "./markdown.js";
import { cut, cutBytes } from "./cut.js";
import { parseStorable, storable, storableJson } from "./storable.js";

/** Texts with halves of characters, NUL and characters of one to four bytes. */
const hostile = fc
  .array(fc.constantFrom("a", "\0", "\ud83d", "\ude42", "🙂", "é", "本", "\\", '"', "\\u0000", "\n"), { maxLength: 40 })
  .map((parts) => parts.join(""));
const isWhole = (text: string): boolean => Buffer.from(text).toString() === text;

it("makes any text storable, and keeps storable text unchanged", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const stored = storable(text);
      expect(isWhole(stored)).toBe(true);
      expect(stored).not.toContain("\0");
      expect(storable(stored)).toBe(stored);
    }),
  );
});

it("writes any value as JSON that a column takes", () => {
  fc.assert(
    fc.property(fc.dictionary(hostile, fc.array(hostile)), (value) => {
      const read: unknown = JSON.parse(storableJson(value));
      const texts = JSON.stringify(read);
      expect(texts).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/);
    }),
  );
});

it("parses JSON of others into texts that a column takes", () => {
  fc.assert(
    fc.property(fc.dictionary(hostile, fc.array(hostile)), (value) => {
      expect(JSON.stringify(parseStorable(JSON.stringify(value)))).toBe(storableJson(value));
    }),
  );
});

it("is the only writer of JSON for columns", () => {
  // Digests and arrays of PostgreSQL are no JSON columns; tokens are written by the app alone.
  const others = ["content-hash.ts", "array-literal.ts", "protect.ts", "user-tokens.ts", "verdicts.ts"];
  const files = ["src/store", "src/sync"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  const writing = files.filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"));
  const plain = writing.filter((path) => readFileSync(path, "utf8").includes("JSON.stringify("));
  expect(plain.map((path) => basename(path)).filter((name) => !others.includes(name))).toEqual([]);
});

describe("a cut", () => {
  it("never ends inside a character that was whole", () => {
    fc.assert(
      fc.property(hostile.map(storable), fc.nat(60), (text, most) => {
        for (const short of [cut(text, most), bounded(text, most), codeBlock(text, "", most), codeSpan(text, most)])
          expect(isWhole(short)).toBe(true);
        expect(cut(text, most).length).toBeLessThanOrEqual(most);
        expect(text.startsWith(cut(text, most))).toBe(true);
      }),
    );
  });

  it("counts bytes where GitHub does", () => {
    fc.assert(
      fc.property(hostile.map(storable), fc.nat(60), (text, most) => {
        const short = cutBytes(text, most);
        expect(Buffer.byteLength(short)).toBeLessThanOrEqual(most);
        expect(isWhole(short) && text.startsWith(short)).toBe(true);
        expect(short === text || Buffer.byteLength(text) > most).toBe(true);
      }),
    );
  });
});
