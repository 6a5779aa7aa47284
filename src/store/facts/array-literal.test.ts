import { expect, test } from "vitest";
import { withDatabase } from "../../../test/support/database.js";
import { arrayLiteral } from "./array-literal.js";

const { store } = await withDatabase();

async function read(type: string, values: readonly unknown[]): Promise<unknown> {
  const rows = await store.sql.query(`SELECT value FROM unnest($1::${type}[]) AS u(value)`, [arrayLiteral(values)]);
  return rows.map((row) => row["value"]);
}

test("PostgreSQL reads every text as it was", async () => {
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

test("numbers, truth, times, objects and lists are read as what they are", async () => {
  expect(await read("bigint", [1, 9_007_199_254_740_991, 12n, null])).toEqual(["1", "9007199254740991", "12", null]);
  expect(await read("boolean", [true, false, null])).toEqual([true, false, null]);
  expect(await read("timestamptz", ["2026-01-01T00:00:01Z"])).toEqual([new Date("2026-01-01T00:00:01Z")]);
  const permissions = { issues: 'read "all"', contents: "a\\b" };
  expect(await read("jsonb", [permissions])).toEqual([permissions]);
  const [row] = await store.sql.query("SELECT value::text[] AS list FROM unnest($1::text[]) AS u(value)", [
    arrayLiteral([['push "x"', "a,b", "\\", null]]),
  ]);
  expect(row?.["list"]).toEqual(['push "x"', "a,b", "\\", null]);
});
