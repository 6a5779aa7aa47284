import { expect, test, vi } from "vitest";
import { createLog } from "../log.js";
import { createWaker } from "./waker.js";

const log = createLog({ level: "silent" });

test("ids that come while a wake-up is under way go together in the next", async () => {
  const calls: (readonly string[])[] = [];
  const ends: (() => void)[] = [];
  const waker = createWaker({
    log,
    wake: (ids) => {
      calls.push(ids);
      return new Promise((resolve) => ends.push(resolve));
    },
  });
  for (const id of ["1", "2", "3"]) waker.wake([id]);
  expect(calls).toEqual([["1"]]);
  ends[0]?.();
  await expect.poll(() => calls.length).toBe(2);
  expect(calls[1]).toEqual(["2", "3"]);
  ends[1]?.();
  await waker.idle();
  waker.wake([]);
  expect(calls).toHaveLength(2);
});

test("an outage of the queue is logged once, and the next wake-up is tried", async () => {
  const warn = vi.spyOn(log, "warn");
  let up = false;
  const woken: string[] = [];
  const waker = createWaker({
    log,
    wake: async (ids) => {
      if (!up) throw new Error("down");
      woken.push(...ids);
    },
  });
  for (const id of ["1", "2"]) {
    waker.wake([id]);
    await waker.idle();
  }
  expect(warn).toHaveBeenCalledTimes(1);
  up = true;
  waker.wake(["3"]);
  await waker.idle();
  expect(woken).toEqual(["3"]);
});
