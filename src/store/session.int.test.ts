import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDatabase, withDatabase } from "../../test/support/database.js";
import { storableJson } from "../text/storable.js";
import { arrayLiteral } from "./facts/array-literal.js";
import { openStore } from "./store.js";

const { store, url } = await withDatabase();

/** Found in databases of other apps, and each changes what a statement means. */
const FOREIGN = [
  ["datestyle", "'SQL, DMY'"],
  ["intervalstyle", "'sql_standard'"],
  ["timezone", "'Asia/Kathmandu'"],
  ["bytea_output", "'escape'"],
  ["standard_conforming_strings", "off"],
  ["default_transaction_isolation", "'serializable'"],
  ["default_transaction_read_only", "on"],
] as const;

describe("settings of the database", () => {
  it("do not change how a connection reads and writes", async () => {
    const name = new URL(url).pathname.slice(1);
    for (const [setting, value] of FOREIGN)
      await store.sql.query(`ALTER DATABASE "${name}" SET ${setting} TO ${value}`);
    const changed = openStore({ url, poolSize: 2, applicationName: "companyos test" });
    try {
      const at = new Date("2024-05-01T22:30:00.123Z");
      await changed.sql.query("INSERT INTO app_settings (key, value, updated_at) VALUES ('a', '1', $1)", [at]);
      const [row] = await changed.sql.query(
        String.raw`SELECT updated_at, interval '26 hours'::text AS i, '\x00ff'::bytea AS b, updated_at::text AS t, 'a\n' AS s
                   FROM app_settings WHERE key = 'a'`,
      );
      expect(row).toEqual({
        updated_at: at,
        i: "26:00:00",
        b: Buffer.from([0, 255]),
        t: "2024-05-01 22:30:00.123+00",
        s: String.raw`a\n`,
      });
      expect(await changed.prisma.setting.findMany({ select: { updated_at: true } })).toEqual([{ updated_at: at }]);
    } finally {
      await changed.close();
    }
  });
});

describe("text into JSON columns", () => {
  const hostile = fc
    .array(fc.constantFrom("a", "\0", "\ud83d", "\ude42", "🙂", "本", "\\", '"', "\\u0000", "\n"), { maxLength: 20 })
    .map((parts) => parts.join(""));

  it("is taken by PostgreSQL, whatever it holds, and so is text into text columns", async () => {
    const fresh = await createDatabase({ migrated: false });
    try {
      await fc.assert(
        fc.asyncProperty(fc.dictionary(hostile, hostile), hostile, async (value, text) => {
          const list = arrayLiteral([text], "text");
          const rows = await fresh.store.sql.query(
            "SELECT $1::jsonb AS json, $2::text AS plain, $3::text[] AS listed, unnest($4::text[]) AS literal",
            [storableJson(value), text, [text], list],
          );
          expect(rows).toHaveLength(1);
        }),
        { numRuns: 200 },
      );
    } finally {
      await fresh.drop();
    }
  });
});
