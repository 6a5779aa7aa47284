import { describe, expect, it, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { createLog, redact } from "./log.js";

function lines(write: (log: ReturnType<typeof createLog>) => void, secrets: readonly string[] = []): string {
  let text = "";
  write(createLog({ level: "info", secrets, destination: { write: (line: string) => void (text += line) } }));
  return text;
}

it.each([
  ["a field", { token: "value-of-token" }, "value-of-token"],
  ["a nested field", { request: { headers: { authorization: "value-of-header" } } }, "value-of-header"],
  ["an installation token in text", { note: "used ghs_abcdefghijklmnop1234" }, "ghs_abcdefghijklmnop1234"],
  [
    "an installation token that holds a JWT",
    { note: "used ghs_12345_eyJhbGciOi.eyJpc3MiOiIx.c2lnbmF0dXJl" },
    "c2lnbmF0dXJl",
  ],
  ["a password in a URL", { note: "postgres://u:hunter2hunter2@db/x" }, "hunter2hunter2"],
  [
    "a bearer header in text",
    { note: "Authorization: bearer abcdefghijklmnopqrstuvwxyz" },
    "abcdefghijklmnopqrstuvwxyz",
  ],
])("redacts %s", (_name, fields, secret) => {
  const text = lines((log) => log.info(fields, "message"));
  expect(text).toContain("[redacted]");
  expect(text).not.toContain(secret);
});

it("redacts a known value wherever it stands, an error's message included", () => {
  const text = lines((log) => log.error({ err: new Error("bad secret s3cr3t-value") }, "message"), ["s3cr3t-value"]);
  expect(text).not.toContain("s3cr3t-value");
  expect(JSON.parse(text)).toMatchObject({ msg: "message" });
});

it("leaves ordinary text alone", () => {
  expect(redact("see https://github.com/acme/app/pull/7 by octocat")).toBe(
    "see https://github.com/acme/app/pull/7 by octocat",
  );
});

describe("redact takes linear time over", () => {
  const units = [
    "-----BEGIN RSA PRIVATE KEY-----",
    "-----BEGIN ",
    "-----BEGIN A",
    "eyJaaaaaaaa-",
    "eyJ-",
    "eyJaaaaaaaa.",
    "-eyJaaaaaaaa.eyJ",
    "://a:",
    "://",
    ":a",
    "a:",
    "://a:b:",
    "ghp_",
    "gho_a-",
    "sk-",
    "xoxb-",
    "github_pat_",
    "bearer ",
    "token a",
    "AKIA",
    "-",
    "a",
    " ",
    "=",
  ];
  test.each(units)("%j, a million characters of it", (unit) => {
    const start = performance.now();
    redact(unit.repeat(1_000_000 / unit.length));
    redact(`://${unit.repeat(1_000_000 / unit.length)}`);
    redact(`eyJ${unit.repeat(1_000_000 / unit.length)}`);
    // Quadratic time would be minutes.
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

it.each([
  ["a JWT", "eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl", "[redacted]"],
  ["a JWT after a word", "jwt-eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl!", "jwt-[redacted]!"],
  ["a key", "a -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- b", "a [redacted] b"],
  ["a key that was cut", "a -----BEGIN PRIVATE KEY-----\nMIIE", "a [redacted]"],
  ["a dotted name", "com.example-company.some_package_name.module", "com.example-company.some_package_name.module"],
])("redacts %s", (_name, text, left) => {
  expect(redact(text)).toBe(left);
});

it("escapes terminal control characters, and keeps them in the data", () => {
  const hostile = "a\u001b[31mred\u009b2J\u202egpj\u2028b\u007f\r\nc";
  const text = lines((log) => log.info({ title: hostile }, "message"));
  // eslint-disable-next-line no-control-regex
  expect(text.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/);
  expect(JSON.parse(text)).toMatchObject({ title: hostile });
});

describe("lines of one kind", () => {
  function limited() {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const written: Record<string, unknown>[] = [];
    const write = (line: string): void => void written.push(z.record(z.string(), z.unknown()).parse(JSON.parse(line)));
    return { log: createLog({ level: "info", destination: { write } }), written };
  }

  it("are one at once, and one a minute with the number of all that it stands for", () => {
    const { log, written } = limited();
    const fail = (n: number): void =>
      log.child({ delivery: n }).error({ err: new Error(`no space left, block ${n}`), deliveries: n }, "not durable");
    for (let n = 0; n < 1_000; n++) fail(n);
    expect(written).toHaveLength(1);
    vi.advanceTimersByTime(60_000);
    expect(written).toHaveLength(2);
    expect(written[1]).toMatchObject({ msg: "not durable", repeated: 999, deliveries: 999 });
    fail(1_000);
    vi.advanceTimersByTime(60_000);
    expect(written).toHaveLength(3);
    expect(written[2]).not.toHaveProperty("repeated");
  });

  it("are distinguished by message, level, texts and error", () => {
    const { log, written } = limited();
    log.warn("one");
    log.warn("another");
    log.error("one");
    log.warn({ err: new Error("away") }, "one");
    log.warn({ err: new TypeError("away") }, "one");
    log.warn({ err: new Error("full") }, "one");
    log.warn({ key: "health/7/quota" }, "one");
    log.warn({ key: "health/8/quota" }, "one");
    expect(written).toHaveLength(8);
  });

  it("are all written where they are no failures", () => {
    const { log, written } = limited();
    for (let n = 0; n < 5; n++) log.info("as usual");
    for (let n = 0; n < 5; n++) log.fatal("the end");
    expect(written).toHaveLength(10);
  });

  it("of whatever shape are counted", () => {
    const { log, written } = limited();
    for (let n = 0; n < 3; n++) {
      log.error(new Error("bare"));
      log.warn("text %s", n);
    }
    vi.advanceTimersByTime(60_000);
    expect(written.filter((line) => line["repeated"] === 2)).toHaveLength(2);
  });
});

describe("the pretty format", () => {
  const pretty = (write: (log: ReturnType<typeof createLog>) => void): string => {
    let text = "";
    const destination = { write: (line: string) => void (text += line) };
    write(createLog({ level: "info", secrets: ["s3cr3t-value"], format: "pretty", destination }));
    return text;
  };

  it("names the level and the component, and puts fields behind the message", () => {
    expect(
      pretty((log) => log.child({ component: "queue" }).warn({ host: "redis", note: "a b" }, "connection refused")),
    ).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN {2}\[queue\] connection refused host=redis note="a b"\n$/);
  });

  it("shows an error's stack below its line, and no secret", () => {
    const text = pretty((log) => log.error({ err: new Error("bad s3cr3t-value") }, "delivery failed"));
    expect(text).toMatch(/ERROR delivery failed\n {2}Error: bad \[redacted\]\n {6}at /);
  });

  it("escapes text that could control the terminal", () => {
    expect(pretty((log) => log.info({ title: "\u001b[2J" }, "issue \u001b[2J"))).not.toContain("\u001b");
  });
});
