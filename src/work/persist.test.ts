import { expect, test } from "vitest";
import { persist } from "./persist.js";

test("retries until the database is back", async () => {
  let calls = 0;
  const statement = (): Promise<string> => {
    calls += 1;
    return calls < 3 ? Promise.reject(new Error("down")) : Promise.resolve("written");
  };
  expect(await persist(statement, [1, 1, 1])).toBe("written");
  expect(calls).toBe(3);
});

test("gives up with the last error", async () => {
  let calls = 0;
  const statement = (): Promise<void> => Promise.reject(new Error(`down ${++calls}`));
  await expect(persist(statement, [1, 1])).rejects.toThrow("down 3");
});
