import { expect, test } from "vitest";
import { withDatabase } from "../../../test/support/database.js";
import { arrayLiteral, elementOf } from "./array-literal.js";
import type { ColumnType } from "./table.js";

const { store } = await withDatabase();

async function read(type: ColumnType, values: readonly unknown[]): Promise<unknown> {
  const rows = await store.sql.query(`SELECT value::${type} FROM unnest($1::${elementOf(type)}[]) AS u(value)`, [
    arrayLiteral(values, type),
  ]);
  return rows.map((row) => row["value"]);
}

test("PostgreSQL returns every text unchanged", async () => {
  const texts = [
    "",
    "NULL",
    "null",
    " spaces ",
    "{a,b}",
    'a "quoted" \\ and \\" both',
    "\\",
    '"',
    "a,b\nc\td\r\n",
    "'; DROP TABLE issues; --",
    "$1 %s \u{1F600} \u0001 \u00A0",
  ];
  expect(await read("text", [...texts, null, undefined])).toEqual([...texts, null, null]);
  expect(await read("text", [])).toEqual([]);
});

test("reads numbers, booleans, times, objects and lists back with their types", async () => {
  expect(await read("bigint", [1, 9_007_199_254_740_991, -2, null])).toEqual(["1", "9007199254740991", "-2", null]);
  expect(await read("boolean", [true, false, null])).toEqual([true, false, null]);
  expect(await read("timestamptz", ["2026-01-01T00:00:01Z"])).toEqual([new Date("2026-01-01T00:00:01Z")]);
  const permissions = { issues: 'read "all"', contents: "a\\b" };
  expect(await read("jsonb", [permissions])).toEqual([permissions]);
  expect(await read("jsonb", [["a", { b: 1 }], "text", 1])).toEqual([["a", { b: 1 }], "text", 1]);
  const lists = [['push "x"', "a,b", "\\", null], []];
  expect(await read("text[]", lists)).toEqual(lists);
});
