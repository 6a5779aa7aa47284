import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLog } from "../src/log.js";
import { startEmbedded } from "../src/store/embedded/start.js";
import { PRISMA_DIRECTORY } from "../src/store/migrations.js";
import { diffSchema, withSchemaEngine } from "../src/store/schema-engine.js";

/** `npm run migration -- <name>`: writes the migration that leads from the existing ones to prisma/schema.prisma. */
const name = process.argv[2];
if (name === undefined || !/^[a-z0-9_]+$/.test(name)) {
  console.error("usage: npm run migration -- <name>, in lower case with underscores, such as add_agent_runs");
  process.exit(2);
}

const script = await diffOnScratch();
if (script === "") console.log("prisma/schema.prisma and the migrations agree: nothing to write");
else {
  const directory = join(PRISMA_DIRECTORY, "migrations", `${timestamp(new Date())}_${name}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "migration.sql"), script);
  console.log(
    `${join(directory, "migration.sql")}\nRead it, and add by hand what Prisma cannot express (partial indexes).`,
  );
}

async function diffOnScratch(): Promise<string> {
  const dataDir = mkdtempSync(join(tmpdir(), "companyos-migration-"));
  const database = await startEmbedded({ dataDir, log: createLog({ level: "warn" }), durable: false });
  try {
    return await withSchemaEngine(database.url, diffSchema);
  } finally {
    await database.release();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** 20261122231500: UTC, as Prisma names its migrations. */
function timestamp(at: Date): string {
  return at.toISOString().replaceAll(/\D/g, "").slice(0, 14);
}
