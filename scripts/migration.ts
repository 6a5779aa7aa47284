import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createLog } from "../src/log.js";
import { withTemporary } from "../src/store/embedded/temporary.js";
import { PRISMA_DIRECTORY, readMigrations } from "../src/store/migrations.js";
import { diffSchema } from "../src/store/schema-engine.js";

/**
 * `npm run migration -- <name>`: writes the migration that leads from the existing ones to prisma/schema.prisma.
 * `npm run migration -- --initial`: writes the first one anew; only before the first release, while no database has it.
 */
const name = process.argv[2];
if (name === undefined || !/^(--initial|[a-z0-9_]+)$/.test(name)) {
  console.error("usage: npm run migration -- <name>, in lower case with underscores, such as add_agent_runs");
  process.exit(2);
}

const initial = name === "--initial";
const script = await diffOnScratch(initial ? "empty" : "migrations");
const directory = initial ? readMigrations()[0]?.name : `${timestamp(new Date())}_${name}`;
if (script === "" || directory === undefined)
  console.log("prisma/schema.prisma and the migrations agree: nothing to write");
else {
  const path = join(PRISMA_DIRECTORY, "migrations", directory, "migration.sql");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, script);
  console.log(`${path}\nRead it, and add by hand what Prisma cannot express (partial indexes).`);
}

function diffOnScratch(from: "migrations" | "empty"): Promise<string> {
  const options = { prefix: "companyos-migration-", log: createLog({ level: "warn" }) };
  return withTemporary(options, (url) => diffSchema(url, from));
}

/** 20261122231500: UTC, as Prisma names its migrations. */
function timestamp(at: Date): string {
  return at.toISOString().replaceAll(/\D/g, "").slice(0, 14);
}
