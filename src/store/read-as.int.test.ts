import { expect, it } from "vitest";
import { withDatabase } from "../../test/support/database.js";

const { store } = await withDatabase();

it("gives Prisma and plain SQL the same connection and transaction", async () => {
  const scope = { operator: true, installations: [] };
  const same = await Promise.all(
    Array.from({ length: 40 }, () =>
      store.readAs(scope, async ({ prisma, sql }) => {
        const mine = await prisma.$queryRaw`SELECT pg_backend_pid() AS pid, now() AS at`;
        const theirs = await sql.query("SELECT pg_backend_pid() AS pid, now() AS at");
        return JSON.stringify(mine) === JSON.stringify(theirs);
      }),
    ),
  );
  expect(new Set(same)).toEqual(new Set([true]));
});
