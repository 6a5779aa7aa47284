import { afterAll, describe, expect, it } from "vitest";
import { linesOf, unmark } from "../../given.js";
import { openInspector } from "../../inspect/child-process.js";

const inspector = openInspector();
afterAll(() => inspector.close());

async function compare(rule: string, path: string, given: string) {
  const { text, lines: expected } = unmark(given);
  return { found: await linesOf(inspector, rule, { path, after: text }), expected };
}

describe("what drops", () => {
  it.each([
    [
      "db/migrations/1.sql",
      "▶DROP TABLE users;\nALTER TABLE a\n  ADD COLUMN x int,\n▶  DROP COLUMN y;\n▶truncate table b;\n▶DELETE FROM c;\nDELETE FROM d WHERE id = 1;\n",
    ],
    [
      "db/migrations/2.sql",
      "-- DROP TABLE a;\n/* DROP TABLE b; */\nINSERT INTO n VALUES ('; DROP TABLE c;');\nALTER TABLE d DROP CONSTRAINT e;\n▶ALTER TABLE d RENAME COLUMN e TO f;\n",
    ],
    [
      "db/migrations/3.sql",
      '-- +goose Up\nCREATE TABLE t (id int);\n▶DROP TABLE IF EXISTS public."old";\n-- +goose Down\nDROP TABLE t;\n',
    ],
    ["db/migrations/4.sql", "CREATE TABLE t (id int);\nDROP TABLE t;\n"],
    ["db/migrations/5.down.sql", "DROP TABLE t;\n"],
    ["src/report.sql", "DROP TABLE t;\n"],
    [
      "migrations/1.js",
      "exports.up = async (knex) => {\n  await knex.schema.alterTable('a', (t) => {\n▶    t.dropColumn('b');\n  });\n};\nexports.down = (knex) => knex.schema.dropTable('c');\n",
    ],
    [
      "migrations/2.ts",
      "export class M {\n  async up(q: QueryRunner) {\n▶    await q.query(`ALTER TABLE a DROP COLUMN b`);\n  }\n  async down(q: QueryRunner) {\n    await q.dropTable('a');\n  }\n}\n",
    ],
    [
      "app/migrations/0002.py",
      "class Migration(migrations.Migration):\n    operations = [\n▶        migrations.RemoveField('a', 'b'),\n        migrations.AddField('a', 'c', f),\n    ]\n",
    ],
    [
      "alembic/versions/1.py",
      "def upgrade():\n▶    op.drop_column('a', 'b')\n▶    op.execute(\"\"\"DROP TABLE c\"\"\")\n\ndef downgrade():\n    op.drop_table('d')\n",
    ],
    [
      "migrations/1.go",
      "package m\n\nfunc up1(tx *sql.Tx) error {\n▶\t_, err := tx.Exec(`DROP TABLE a`)\n\treturn err\n}\n\nfunc down1(tx *sql.Tx) error {\n\t_, err := tx.Exec(`DROP TABLE b`)\n\treturn err\n}\n",
    ],
  ])("%s: %s", async (path, given) => {
    const { found, expected } = await compare("migration-drop", path, given);
    expect(found).toEqual(expected);
  });
});

describe("what locks", () => {
  it.each([
    [
      "db/migrations/1.sql",
      "▶CREATE INDEX i ON t (a);\nCREATE INDEX CONCURRENTLY j ON t (a);\nCREATE TABLE n (id int);\nCREATE INDEX k ON n (id);\n▶CREATE UNIQUE INDEX l\n  ON t (b);\n",
    ],
    [
      "db/migrations/2.sql",
      "ALTER TABLE t\n▶  ADD COLUMN a text NOT NULL;\nALTER TABLE t ADD COLUMN b text NOT NULL DEFAULT '';\nALTER TABLE t ADD COLUMN c int;\n▶ALTER TABLE t ALTER COLUMN d TYPE bigint;\n▶ALTER TABLE t ALTER COLUMN e SET NOT NULL;\n",
    ],
    [
      "db/migrations/3.sql",
      "▶ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id);\nALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id) NOT VALID;\nALTER TABLE t VALIDATE CONSTRAINT f;\n▶ALTER TABLE t ADD CONSTRAINT g UNIQUE (a);\n▶LOCK TABLE t;\n▶VACUUM FULL t;\n▶REFRESH MATERIALIZED VIEW v;\n",
    ],
    [
      "db/migrations/4.sql",
      "▶ALTER TABLE t ADD COLUMN a uuid DEFAULT gen_random_uuid();\nALTER TABLE t ADD COLUMN b timestamptz DEFAULT now();\n",
    ],
    [
      "alembic/versions/1.py",
      "def upgrade():\n▶    op.create_index('i', 't', ['a'])\n    op.create_index('j', 't', ['b'], postgresql_concurrently=True)\n▶    op.alter_column('t', 'c', nullable=False)\n",
    ],
    [
      "migrations/1.ts",
      "export async function up(k) {\n▶  await k.raw('CREATE INDEX i ON t (a)');\n  await k.raw('CREATE INDEX CONCURRENTLY i ON t (a)');\n}\n",
    ],
    [
      "migrations/1.go",
      'package m\n\nfunc Up(tx *sql.Tx) {\n▶\ttx.Exec("ALTER TABLE t ALTER COLUMN a SET NOT NULL")\n}\n',
    ],
  ])("%s: %s", async (path, given) => {
    const { found, expected } = await compare("migration-lock", path, given);
    expect(found).toEqual(expected);
  });
});
