// SQL by hand: roles, policies and rights are not rows.
import { createHash } from "node:crypto";
import { z } from "zod";
import { codeOf } from "../database-error.js";
import type { Sql } from "../sql.js";
import { IDS_FUNCTION, policyOf, type ProtectedTable, WEB_ROLE } from "./policies.js";

const Table = z.object({ name: z.string(), columns: z.array(z.string()) });
const State = z.object({
  role: z.boolean(),
  member: z.boolean(),
  granted: z.boolean().nullable(),
  digest: z.string().nullable(),
});

/** How often to try a table whose rows are in use. */
const TRIES = 5;

/**
 * Enables row-level security on every table that requests read, and grants the web role its rights. Does nothing if
 * that is done. Call it under the lock of migrations. If the database refuses (no right to create roles),
 * `bindingProblem` reports it before the server serves pages.
 */
export async function protectRows(sql: Sql): Promise<void> {
  await ensureRole(sql);
  const tables = await tablesOf(sql);
  const digest = digestOf(tables);
  const { role, granted, digest: found } = await stateOf(sql);
  if (!role || (found === digest && granted === true)) return;
  await sql.query(IDS_FUNCTION);
  await sql.query(`DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO ${WEB_ROLE}', current_schema()); END $$`);
  for (const table of tables) await protectTable(sql, table);
  await sql.query(`COMMENT ON FUNCTION companyos_ids(text) IS '${digest}'`);
}

/** Whether `protectRows` has nothing to do. */
export async function isProtected(sql: Sql): Promise<boolean> {
  const { role, member, granted, digest } = await stateOf(sql);
  return role && member && granted === true && digest === digestOf(await tablesOf(sql));
}

/**
 * Why row-level security would not bind a request's transaction, with the remedy; null when it would. Checks the role
 * itself, so that it also works for a superuser who switches to the role.
 */
export async function bindingProblem(sql: Sql): Promise<{ readonly problem: string; readonly remedy: string } | null> {
  const { role, member } = await stateOf(sql);
  const [who] = await sql.query("SELECT quote_ident(current_user::text) AS me");
  const me = String(who?.["me"]);
  const grant = `GRANT ${WEB_ROLE} TO ${me};`;
  if (!role)
    return {
      problem: `The role ${WEB_ROLE} does not exist, and ${me} may not create it`,
      remedy: `As a superuser run: CREATE ROLE ${WEB_ROLE} NOLOGIN; ${grant} Then start again.`,
    };
  if (!member)
    return {
      problem: `${me} may not switch to the role ${WEB_ROLE}`,
      remedy: `As a superuser run: ${grant} Then start again.`,
    };
  const [bound] = await sql.query(
    `SELECT rolsuper OR rolbypassrls OR rolcanlogin
         OR EXISTS (SELECT 1 FROM pg_class WHERE relowner = r.oid)
         OR EXISTS (SELECT 1 FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid
              AND (g.rolsuper OR g.rolbypassrls OR EXISTS (SELECT 1 FROM pg_class WHERE relowner = g.oid)))
       AS unbound FROM pg_roles r WHERE rolname = $1`,
    [WEB_ROLE],
  );
  if (bound?.["unbound"] === false) return null;
  return {
    problem: `row-level security does not bind the role ${WEB_ROLE}: it can log in, owns tables, is a superuser or has BYPASSRLS`,
    remedy: `As a superuser run: ALTER ROLE ${WEB_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS; and give its tables and memberships to another role. Then start again.`,
  };
}

async function ensureRole(sql: Sql): Promise<void> {
  const { role, member } = await stateOf(sql);
  if (!role)
    await tolerate(["42501", "42710", "23505"], () =>
      sql.query(
        `CREATE ROLE ${WEB_ROLE} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION NOBYPASSRLS`,
      ),
    );
  // Roles belong to the whole server: a process on another database may have created it at the same moment.
  if (!member)
    await tolerate(["42501", "42704", "0LP01", "XX000"], () => sql.query(`GRANT ${WEB_ROLE} TO CURRENT_USER`));
}

async function protectTable(sql: Sql, table: ProtectedTable): Promise<void> {
  const rule = policyOf(table);
  if (rule === null) return;
  for (let tried = 1; ; tried++) {
    try {
      // Deliveries continue meanwhile: one table is locked at a time, with a short wait.
      await sql.query("BEGIN");
      await sql.query("SET LOCAL lock_timeout = '3s'");
      await sql.query(`ALTER TABLE ${table.name} ENABLE ROW LEVEL SECURITY`);
      await sql.query(`DROP POLICY IF EXISTS companyos_read ON ${table.name}`);
      await sql.query(`CREATE POLICY companyos_read ON ${table.name} FOR SELECT TO ${WEB_ROLE} USING (${rule})`);
      await sql.query(`GRANT SELECT ON ${table.name} TO ${WEB_ROLE}`);
      await sql.query("COMMIT");
      return;
    } catch (error) {
      await sql.query("ROLLBACK");
      if (tried === TRIES || !["55P03", "40P01"].includes(codeOf(error) ?? "")) throw error;
    }
  }
}

async function tablesOf(sql: Sql): Promise<readonly ProtectedTable[]> {
  const rows = await sql.query(
    `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attname) AS columns
     FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND c.relname <> '_prisma_migrations'
     GROUP BY c.relname ORDER BY c.relname`,
  );
  return rows.map((row) => {
    const { name, columns } = Table.parse(row);
    return { name, columns: new Set(columns) };
  });
}

async function stateOf(sql: Sql) {
  const [row] = await sql.query(
    `SELECT r.oid IS NOT NULL AS role,
       CASE WHEN r.oid IS NULL THEN false ELSE pg_has_role(current_user, r.oid,
         CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) END AS member,
       CASE WHEN r.oid IS NULL THEN NULL ELSE has_table_privilege(r.oid, to_regclass('deliveries'), 'SELECT') END AS granted,
       obj_description(to_regprocedure('companyos_ids(text)'), 'pg_proc') AS digest
     FROM (SELECT 1) one LEFT JOIN pg_roles r ON r.rolname = $1`,
    [WEB_ROLE],
  );
  return State.parse(row);
}

function digestOf(tables: readonly ProtectedTable[]): string {
  const rules = tables.map((table) => [table.name, policyOf(table)]);
  return createHash("sha256")
    .update(JSON.stringify([IDS_FUNCTION, rules]))
    .digest("hex");
}

async function tolerate(codes: readonly string[], work: () => Promise<unknown>): Promise<void> {
  await work().catch((error: unknown) => {
    if (!codes.includes(codeOf(error) ?? "")) throw error;
  });
}
