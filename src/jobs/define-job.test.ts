import { expect, test } from "vitest";
import { z } from "zod";
import { InvalidError } from "../errors.js";
import { defineJob, planOf, registryOf } from "./define-job.js";

const review = defineJob({
  name: "review",
  queue: "agents",
  payload: z.object({ pull: z.int() }),
  attempts: 3,
  key: ({ pull }) => `pull:${pull}`,
  run: () => Promise.resolve({ status: "done", reason: "x" }),
});
const registry = registryOf([review]);

test("a wish for work becomes a row", () => {
  expect(planOf(registry, { name: "review", payload: { pull: 3 }, delayMs: 50 })).toEqual({
    queue: "agents",
    class: "agents",
    name: "review",
    key: "pull:3",
    payload: { pull: 3 },
    maxAttempts: 3,
    delayMs: 50,
  });
  expect(planOf(registry, { name: "review", payload: { pull: 3 } }).delayMs).toBe(0);
});

test("a wish that no job can meet is refused", () => {
  expect(() => planOf(registry, { name: "rewiev", payload: { pull: 3 } })).toThrow(InvalidError);
  expect(() => planOf(registry, { name: "review", payload: { pull: "3" } })).toThrow(z.ZodError);
});

test("two jobs of one name are a mistake", () => {
  expect(() => registryOf([review, review])).toThrow("same name");
});
