import { beforeEach, expect, test } from "vitest";
import { CircuitOpenError, InvalidError, NetworkError, policyFor } from "../errors.js";
import { Circuits } from "./circuit.js";

const HOST = "api.github.com";
let now = 0;
let changes: (number | null)[] = [];
let circuits: Circuits;
let sent = 0;

beforeEach(() => {
  now = 1_000_000;
  changes = [];
  sent = 0;
  circuits = new Circuits(
    () => now,
    ({ until }) => changes.push(until && until.getTime() - now),
  );
});

const call = (result: unknown = "fine", host = HOST): Promise<unknown> =>
  circuits.run(
    host,
    () => {
      sent += 1;
      return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
    },
    (error) => error,
  );
const away = (host = HOST) => call(new NetworkError("No answer came"), host).catch((error: unknown) => error);

async function open(): Promise<void> {
  for (let n = 0; n < 8; n += 1) await away();
}

test("sends nothing until the next try after eight calls without an answer, and uses no attempt", async () => {
  await open();
  expect(changes).toEqual([15_000]);
  const error = await away();
  expect(error).toBeInstanceOf(CircuitOpenError);
  expect(sent).toBe(8);
  const facts = { attempt: 8, maxAttempts: 8, now: new Date(now), jitter: 0 };
  expect(policyFor(error, facts)).toEqual({ kind: "retry-at", at: new Date(now + 15_000) });
});

test("does not delay other hosts and installations", async () => {
  await open();
  expect(await call("fine", "hooks.example")).toBe("fine");
});

test("lets one call try; each failure doubles the pause, up to five minutes", async () => {
  await open();
  const pauses: number[] = [];
  for (let n = 0; n < 7; n += 1) {
    const pause = changes.at(-1) ?? 0;
    now += pause;
    await Promise.all([away(), away(), away()]);
    pauses.push(changes.at(-1) ?? 0);
  }
  expect(sent).toBe(8 + 7);
  expect(pauses).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000, 300_000]);
});

test("lets everybody call again after a successful try", async () => {
  await open();
  now += 15_000;
  expect(await call()).toBe("fine");
  expect(changes).toEqual([15_000, null]);
  await Promise.all([call(), call()]);
  expect(sent).toBe(11);
});

test("an answer in between, even a refusal, keeps the circuit closed", async () => {
  for (let n = 0; n < 30; n += 1) {
    await away();
    if (n % 7 === 6) await call(new InvalidError("GitHub answered 422")).catch(() => null);
  }
  expect(changes).toEqual([]);
  expect(sent).toBe(34);
});

test("502 and 504 are answers to an expensive query; 500 and 503 are not", async () => {
  const failing = (status: number) =>
    circuits
      .run(
        `host-${status}`,
        () => Promise.reject(Object.assign(new Error("x"), { status, response: { headers: {} } })),
        () => new NetworkError("x"),
      )
      .catch(() => null);
  for (let n = 0; n < 8; n += 1) for (const status of [502, 504]) await failing(status);
  expect(changes).toEqual([]);
  for (let n = 0; n < 8; n += 1) for (const status of [500, 503]) await failing(status);
  expect(changes).toEqual([15_000, 15_000]);
});

test("ignores calls that were running when it opened", async () => {
  const calls = Array.from({ length: 20 }, () => away());
  await Promise.all(calls);
  expect(changes).toEqual([15_000]);
});
