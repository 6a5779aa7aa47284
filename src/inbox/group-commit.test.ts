import { expect, onTestFinished, test } from "vitest";
import { createGroupCommit, type GroupCommitOptions, NotDurableError } from "./group-commit.js";

/** Commits that end when the test says so. */
function scripted(options: Partial<GroupCommitOptions<string, string>> = {}) {
  const batches: {
    readonly entries: readonly string[];
    end: () => void;
    fail: (error: Error) => void;
    signal: AbortSignal;
  }[] = [];
  const commits = createGroupCommit<string, string>({
    commit: (entries, signal) =>
      new Promise((resolve, reject) => {
        batches.push({ entries, signal, end: () => resolve(entries.map((e) => `${e}!`)), fail: reject });
      }),
    bytesOf: (entry) => entry.length,
    maxRows: 100,
    maxBytes: 1_000,
    inFlight: 1,
    crowd: 100,
    timeoutMs: 60_000,
    ...options,
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  // What is left would be given up a minute later, in the middle of another test.
  onTestFinished(async () => {
    for (let ended = 0; ended < batches.length; ended += 1) {
      batches[ended]?.end();
      await turn();
      await turn();
    }
    await commits.idle();
  });
  return { batches, commits, turn };
}

test("entries of one turn, and those during a commit, share one commit", async () => {
  const { batches, commits, turn } = scripted();
  const first = [commits.add("a"), commits.add("b")];
  await turn();
  const second = [commits.add("c"), commits.add("d")];
  await turn();
  expect(batches.map(({ entries }) => entries)).toEqual([["a", "b"]]);
  batches[0]?.end();
  expect(await Promise.all(first)).toEqual(["a!", "b!"]);
  await turn();
  expect(batches.map(({ entries }) => entries)).toEqual([
    ["a", "b"],
    ["c", "d"],
  ]);
  batches[1]?.end();
  expect(await Promise.all(second)).toEqual(["c!", "d!"]);
});

test("acknowledges nothing before its commit", async () => {
  const { batches, commits, turn } = scripted();
  let acknowledged = false;
  const added = commits.add("a").then(() => (acknowledged = true));
  await turn();
  await turn();
  expect(acknowledged).toBe(false);
  batches[0]?.end();
  await added;
  expect(acknowledged).toBe(true);
});

test("a batch ends at so many rows, and at so many bytes", async () => {
  const { batches, commits, turn } = scripted({ maxRows: 3, maxBytes: 10 });
  for (const entry of ["a", "b", "c", "d", "a long entry", "e"]) void commits.add(entry);
  for (let ended = 0; ended < 3; ended++) {
    await turn();
    batches[ended]?.end();
    await turn();
  }
  expect(batches.map(({ entries }) => entries)).toEqual([["a", "b", "c"], ["d", "a long entry"], ["e"]]);
  await commits.idle();
});

test("runs no more commits at once than allowed", async () => {
  const { batches, commits, turn } = scripted({ maxRows: 1, inFlight: 2, crowd: 1 });
  for (const entry of ["a", "b", "c"]) void commits.add(entry);
  await turn();
  expect(batches).toHaveLength(2);
  batches[0]?.end();
  await turn();
  await turn();
  expect(batches).toHaveLength(3);
});

test("starts a second commit beside a slow one when many entries wait", async () => {
  const { batches, commits, turn } = scripted({ inFlight: 2, crowd: 3 });
  void commits.add("slow");
  await turn();
  void commits.add("a");
  void commits.add("b");
  await turn();
  expect(batches).toHaveLength(1);
  void commits.add("c");
  await turn();
  expect(batches.map(({ entries }) => entries)).toEqual([["slow"], ["a", "b", "c"]]);
});

test("many entries do not wait for the end of the turn", async () => {
  const { batches, commits, turn } = scripted({ crowd: 3 });
  void commits.add("a");
  void commits.add("b");
  expect(batches).toHaveLength(0);
  void commits.add("c");
  void commits.add("d");
  expect(batches.map(({ entries }) => entries)).toEqual([["a", "b", "c"]]);
  batches[0]?.end();
  await turn();
  await turn();
  expect(batches.map(({ entries }) => entries)).toEqual([["a", "b", "c"], ["d"]]);
});

test("a failed commit fails its own entries only, and the next one starts fresh", async () => {
  const { batches, commits, turn } = scripted();
  const failed = commits.add("a");
  await turn();
  const later = commits.add("b");
  batches[0]?.fail(new Error("the disk is full"));
  await expect(failed).rejects.toThrow(NotDurableError);
  await turn();
  batches[1]?.end();
  expect(await later).toBe("b!");
});

test("gives up a hanging commit, reports it, and frees the slot", async () => {
  const { batches, commits, turn } = scripted({ timeoutMs: 30 });
  await expect(commits.add("a")).rejects.toThrow(NotDurableError);
  expect(batches[0]?.signal.aborted).toBe(true);
  const later = commits.add("b");
  await turn();
  expect(batches[1]?.signal.aborted).toBe(false);
  batches[1]?.end();
  expect(await later).toBe("b!");
});

test("running commits have separate signals, which are reused later", async () => {
  const { batches, commits, turn } = scripted({ maxRows: 1, inFlight: 2, crowd: 1 });
  for (const entry of ["a", "b", "c"]) void commits.add(entry);
  await turn();
  expect(batches[0]?.signal).not.toBe(batches[1]?.signal);
  batches[0]?.end();
  await turn();
  await turn();
  expect(batches[2]?.signal).toBe(batches[0]?.signal);
});

test("idle waits for waiting entries and running commits", async () => {
  const { batches, commits, turn } = scripted({ maxRows: 1 });
  let idle = false;
  void commits.add("a");
  void commits.add("b");
  const waiting = commits.idle().then(() => (idle = true));
  await turn();
  batches[0]?.end();
  await turn();
  await turn();
  expect(idle).toBe(false);
  batches[1]?.end();
  await waiting;
});
