import { array, assert, constantFrom, integer, property, string, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { renderTable } from "./table.js";

const HEAD = ["", "check", "state", "since", "reason"];
const ROWS = [
  [
    "app",
    "webhooks",
    "unhealthy",
    "2026-01-01 12:00",
    "GitHub delivers to https://a.example.com/a/path, not to this server",
  ],
  ["acme", "api", "healthy", "2026-01-01 12:00", "fine"],
];
const widest = (text: string): number => Math.max(...text.split("\n").map((line) => line.length));

describe("a table", () => {
  it("is as wide as its text where the output is no terminal", () => {
    expect(renderTable(HEAD, ROWS, { columns: undefined })).toContain("a/path, not to this server");
  });

  it("wraps its widest column on a terminal that is too narrow", () => {
    const text = renderTable(HEAD, ROWS, { columns: 100 });
    expect(widest(text)).toBeLessThanOrEqual(100);
    expect(text).toContain("since");
  });

  it("leaves optional columns out before it wraps", () => {
    const text = renderTable(HEAD, ROWS, { columns: 80, optional: [3] });
    expect(text).not.toContain("since");
    expect(widest(text)).toBeLessThanOrEqual(80);
  });

  it("becomes a list where no table fits", () => {
    expect(renderTable(HEAD, ROWS, { columns: 20 })).toContain("\nreason: fine");
  });

  it("is never wider than the terminal, unless it is a list", () => {
    const words = array(string({ maxLength: 12, unit: constantFrom("a", "b") }), { maxLength: 12 }).map((all) =>
      all.join(" "),
    );
    assert(
      property(integer({ min: 10, max: 200 }), array(tuple(words, words, words), { maxLength: 5 }), (columns, rows) => {
        const text = renderTable(["one", "two", "three"], rows, { columns, optional: [1] });
        expect(text.includes("─") ? widest(text) : 0).toBeLessThanOrEqual(columns);
      }),
    );
  });
});
