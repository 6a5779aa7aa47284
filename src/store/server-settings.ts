import { z } from "zod";
import { connect } from "./connect.js";
import { assertVersion, explainDatabaseError } from "./database-error.js";
import { sqlOf } from "./store.js";

const Row = z.object({ num: z.coerce.number(), synchronous_commit: z.string() });

/**
 * The server's settings for this database and role.
 * @throws ConfigError naming DATABASE_URL when it cannot be reached, is too old, or refuses the role.
 */
export async function readServerSettings(url: string): Promise<{ readonly synchronousCommit: string }> {
  try {
    const client = await connect(url);
    try {
      const [row] = await sqlOf(client).query(
        "SELECT current_setting('server_version_num')::int AS num, current_setting('synchronous_commit') AS synchronous_commit",
      );
      const { num, synchronous_commit: synchronousCommit } = Row.parse(row);
      assertVersion(num, url);
      return { synchronousCommit };
    } finally {
      await client.end();
    }
  } catch (error) {
    throw explainDatabaseError(error, url);
  }
}
