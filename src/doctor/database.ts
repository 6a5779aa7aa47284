import { ConfigError, messageOf } from "../errors.js";
import { redact } from "../log.js";
import { pendingMigrations } from "../store/migrate.js";
import { readServerSettings } from "../store/server-settings.js";
import { probeWrite } from "../store/probe-write.js";
import type { Store } from "../store/store.js";
import { type Finding, ok, problem } from "./check.js";

const CHECK = "database";

/** PostgreSQL answers, is new enough, keeps what it says it has kept, has every migration, and takes a write. */
export async function checkDatabase(url: string, store: Pick<Store, "transaction">): Promise<Finding> {
  try {
    const { synchronousCommit } = await readServerSettings(url);
    if (synchronousCommit === "off")
      return problem(
        CHECK,
        "synchronous_commit is off: a delivery that is acknowledged could be lost when PostgreSQL crashes",
        "Set synchronous_commit = on for this database: ALTER DATABASE … SET synchronous_commit = on.",
      );
    const pending = await pendingMigrations(url);
    if (pending.length === 0) return await checkWrite(store);
    return problem(
      CHECK,
      `${pending.length} migrations are pending: ${pending.join(", ")}`,
      "Run 'companyos-github migrate'.",
    );
  } catch (error) {
    const [first] = error instanceof ConfigError ? error.problems : [];
    if (first) return problem(CHECK, `${first.variable} ${first.problem}`, first.remedy);
    return problem(CHECK, redact(messageOf(error)), "Check DATABASE_URL, or unset it for the embedded database.");
  }
}

async function checkWrite(store: Pick<Store, "transaction">): Promise<Finding> {
  try {
    await probeWrite(store);
    return ok(CHECK, "PostgreSQL answers, takes writes, and every migration is applied");
  } catch (error) {
    return problem(
      CHECK,
      `PostgreSQL answers and does not take a write: ${redact(messageOf(error))}`,
      "Give PostgreSQL free disk space, and check that DATABASE_URL names a primary and not a read-only replica.",
    );
  }
}
