import { expect, test } from "vitest";
import { program } from "./program.js";

const names = async (asked: string | undefined): Promise<readonly string[]> =>
  (await program(asked)).commands.map((command) => command.name());

test("loads only the requested command; loads all for an unknown one", async () => {
  const all = await names(undefined);
  expect(all).toHaveLength(20);
  for (const name of all) expect(await names(name)).toEqual([name]);
  for (const asked of ["--help", "help", "toString", "stert"]) expect(await names(asked)).toEqual(all);
});
