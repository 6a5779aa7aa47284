import { expect, it } from "vitest";
import { before, type Deployed, resultOf, running } from "./state.js";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 30, 10, minute));
const deployed = (id: number, sha: string, ...states: readonly string[]): Deployed => ({
  id: BigInt(id),
  sha,
  environment: "production",
  createdAt: at(id),
  statuses: states.map((state, index) => ({ state, at: at(id + index) })),
});

it.each([
  [[], "under-way"],
  [["queued", "in_progress"], "under-way"],
  [["in_progress", "success"], "succeeded"],
  [["success", "inactive"], "succeeded"],
  [["error", "success"], "succeeded"],
  [["success", "in_progress"], "under-way"],
  [["success", "failure"], "failed"],
  [["inactive"], "under-way"],
])("statuses %j mean %s", (states, state) => {
  expect(resultOf(deployed(1, "a", ...states)).state).toBe(state);
});

it("a deployment that was created first and succeeds last runs", () => {
  const slow = deployed(1, "a", "queued", "in_progress", "in_progress", "success");
  const fast = deployed(2, "b", "success", "inactive");
  expect(running([fast, slow])).toBe(slow);
  expect(before([fast, slow])).toBe(fast);
});

it("the newest success runs, and a rollback goes to another commit before it", () => {
  const newestFirst = [
    deployed(9, "d", "failure"),
    deployed(8, "c", "success"),
    deployed(7, "c", "success", "inactive"),
    deployed(6, "b", "error"),
    deployed(5, "a", "success", "inactive"),
  ];
  expect(running(newestFirst)?.id).toBe(8n);
  expect(before(newestFirst)?.sha).toBe("a");
  expect(before(newestFirst.slice(0, 3))).toBeNull();
  expect(before([])).toBeNull();
});
