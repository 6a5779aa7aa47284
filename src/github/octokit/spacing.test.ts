import { expect, test } from "vitest";
import { RateLimitError } from "../../errors.js";
import { Spacing } from "./spacing.js";

test("a short wait blocks, a long one is an error with its time; keys are independent", async () => {
  const spacing = new Spacing(2_000, () => 10_000);
  const run = (key: string) => spacing.key(key).schedule({}, async () => key);
  expect(await run("a")).toBe("a");
  expect(await run("b")).toBe("b");
  const second = run("a");
  const third = await run("a").catch((error: unknown) => error);
  expect(third).toBeInstanceOf(RateLimitError);
  expect(third).toMatchObject({ resetAt: new Date(14_000) });
  expect(await second).toBe("a");
});

test("a turn that was refused is not used up", async () => {
  let now = 0;
  const spacing = new Spacing(4_000, () => now);
  const run = () => spacing.key("a").schedule({}, async () => now);
  await run();
  await expect(run()).rejects.toBeInstanceOf(RateLimitError);
  now = 4_000;
  expect(await run()).toBe(4_000);
});
