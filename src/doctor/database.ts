import { ConfigError, messageOf, sentenceOf } from "../errors.js";
import { redact } from "../log.js";
import { databaseMigrationState } from "../store/migrate.js";
import { assertNotNewer } from "../store/migrations.js";
import { readServerSettings } from "../store/server-settings.js";
import { probeWrite } from "../store/probe-write.js";
import type { Store } from "../store/store.js";
import { type Finding, ok, problem } from "./check.js";

const CHECK = "database";

/** PostgreSQL answers, is a supported version, commits durably, has this version's migrations, and accepts a write. */
export async function checkDatabase(url: string, where: string, store: Pick<Store, "transaction">): Promise<Finding> {
  try {
    const { synchronousCommit } = await readServerSettings(url);
    if (synchronousCommit === "off")
      return problem(
        CHECK,
        "synchronous_commit is off: an acknowledged delivery could be lost when PostgreSQL crashes",
        "Set synchronous_commit = on for this database: ALTER DATABASE … SET synchronous_commit = on.",
      );
    const { pending, newer } = await databaseMigrationState(url);
    assertNotNewer(newer, where);
    if (pending.length === 0) return await checkWrite(store, where);
    return problem(
      CHECK,
      `${pending.length} migrations are pending: ${pending.join(", ")}`,
      "Run 'companyos-github migrate'.",
    );
  } catch (error) {
    const [first] = error instanceof ConfigError ? error.problems : [];
    if (first) return problem(CHECK, sentenceOf(first), first.remedy);
    return problem(CHECK, redact(messageOf(error)), "Check DATABASE_URL, or unset it for the embedded database.");
  }
}

async function checkWrite(store: Pick<Store, "transaction">, where: string): Promise<Finding> {
  try {
    await probeWrite(store);
    return ok(CHECK, `${where} answers, accepts writes, and has every migration`);
  } catch (error) {
    return problem(
      CHECK,
      `${where} answers but refuses a write: ${redact(messageOf(error))}`,
      "Free disk space for PostgreSQL, and check that DATABASE_URL names a primary, not a read-only replica.",
    );
  }
}
