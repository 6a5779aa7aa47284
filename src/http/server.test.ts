import type { RequestListener } from "node:http";
import { describe, expect, it, onTestFinished, test } from "vitest";
import {
  dial,
  expectClosed,
  expectHealthy,
  expectSaid,
  FORGED,
  head,
  startHttp,
  WEBHOOKS,
} from "../../test/support/peer.js";
import { bodyOf } from "./admission.js";

const statusOf = (text: string): number | undefined => Number(/^HTTP\/1\.1 (\d+) /.exec(text)?.[1]) || undefined;

describe("every method on every path is answered at once:", () => {
  const expected: Readonly<Record<string, readonly [get: number, other: number]>> = {
    [WEBHOOKS]: [405, 405],
    "/api/webhooks/github/receive": [405, 405],
    "/healthz": [200, 405],
    "/readyz": [200, 405],
    "/nowhere": [404, 404],
    "//": [404, 404],
    "/%zz?%": [404, 404],
    "*": [404, 404],
  };
  const cases = Object.entries(expected).flatMap(([path, [get, other]]) =>
    ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"].map((method) => ({
      method,
      path,
      status: method === "GET" || method === "HEAD" ? get : other,
    })),
  );
  it.each(cases)("$method $path", async ({ method, path, status }) => {
    const port = await startHttp();
    // Twice: what follows on the same connection shows that the first answer ended where it said.
    const peer = dial(port, head(`${method} ${path}`));
    const text = await expectSaid(peer, /\r\n\r\n/);
    expect(statusOf(text)).toBe(status);
    expect(/\r\nallow: (?:POST|GET, HEAD)\r\n/i.test(text)).toBe(status === 405);
    peer.socket.write(head("GET /healthz"));
    const both = await expectSaid(peer, /HTTP\/1\.1 200 OK[^]*"alive"/);
    expect(both.slice(both.indexOf("\r\n\r\n") + 4).startsWith("HTTP/")).toBe(method === "HEAD");
  });

  it.each([
    ["GET http://somewhere.example/healthz", 200],
    ["GET https://somewhere.example/healthz?x", 200],
    ["GET http://somewhere.example", 404],
    ["GET http://somewhere.example?x", 404],
    [`PUT http://somewhere.example${WEBHOOKS}`, 405],
    ["GET ftp://somewhere.example/healthz", 400],
    ["GET nonsense", 400],
    ["BREW /healthz", 400],
    ["GET /\u0000", 400],
  ])("%j", async (line, status) => {
    expect(statusOf(await expectSaid(dial(await startHttp(), head(line)), /\r\n\r\n/))).toBe(status);
  });

  it("CONNECT is cut", async () => {
    await expectClosed(dial(await startHttp(), head("CONNECT somewhere.example:443")));
  });
});

describe("a body in chunks of one byte", () => {
  const TINY = Buffer.from("1\r\nx\r\n".repeat(200_000));

  it.each([
    ["of a forged delivery", `POST ${WEBHOOKS}`, FORGED, 400],
    ["of an unsigned delivery", `POST ${WEBHOOKS}`, [], 400],
    ["to a path that does not exist", "POST /nowhere", [], 400],
    ["to a probe", "POST /healthz", [], 405],
    ["of a GET", "GET /nowhere", [], 400],
  ])("%s is refused, and the rest is not read", async (_name, line, headers, status) => {
    const port = await startHttp();
    const peer = dial(port, head(line, [...headers, "transfer-encoding: chunked"]));
    const flooding = setInterval(() => peer.socket.writable && peer.socket.write(TINY), 5);
    onTestFinished(() => clearInterval(flooding));
    await expectHealthy(port);
    await expectClosed(peer);
    // The answer is lost where the connection is reset while the peer still sends.
    expect([status, undefined]).toContain(statusOf(peer.text()));
    await expectHealthy(port);
  });

  it("is taken while it is small", async () => {
    const bodies: string[] = [];
    const next: RequestListener = (request, response) => {
      bodies.push(bodyOf(request).toString());
      response.end();
    };
    const tiny = `${"1\r\nx\r\n".repeat(400)}0\r\n\r\n`;
    const peer = dial(await startHttp({ next }), `${head("POST /any", ["transfer-encoding: chunked"])}${tiny}`);
    await expectSaid(peer, /^HTTP\/1\.1 200 /);
    expect(bodies).toEqual(["x".repeat(400)]);
  });
});

describe("a body of any path", () => {
  const next: RequestListener = (request, response) => response.end(`took ${bodyOf(request).length}`);

  it.each([
    ["of the announced length", ["content-length: 10"], "0123456789", /took 10$/],
    ["of more than its bound, announced", ["content-length: 101"], "", /^HTTP\/1\.1 413 /],
    [
      "of more than its bound, announced and asked for",
      ["content-length: 101", "expect: 100-continue"],
      "",
      /^HTTP\/1\.1 413 /,
    ],
    [
      "of more than its bound, chunked",
      ["transfer-encoding: chunked"],
      `80\r\n${"x".repeat(128)}\r\n`,
      /^HTTP\/1\.1 413 /,
    ],
    ["that comes too slowly", ["content-length: 10"], "01234", /^HTTP\/1\.1 408 /],
    ["that is asked for", ["content-length: 2", "expect: 100-continue"], "01", /100 Continue[^]*took 2$/],
  ])("%s", async (_name, headers, body, answer) => {
    const port = await startHttp({ next, limits: { bodyBytes: 100, bodyMs: 200 } });
    await expectSaid(dial(port, `${head("POST /any", headers)}${body}`), answer);
  });

  it("has the bound of its path", async () => {
    const port = await startHttp({ next, limits: { bodyBytes: 1, paths: { "/large": { bodyBytes: 10 } } } });
    await expectSaid(dial(port, `${head("POST /large", ["content-length: 10"])}0123456789`), /took 10$/);
    await expectSaid(dial(port, `${head("POST /other", ["content-length: 10"])}0123456789`), /^HTTP\/1\.1 413 /);
  });
});

test("a refused sender of a long body can read why, and is cut", async () => {
  const peer = dial(
    await startHttp(),
    head(`POST ${WEBHOOKS}`, ["content-type: application/json", "content-length: 99999999"]),
  );
  expect(statusOf(await expectSaid(peer, /\r\n\r\n/))).toBe(413);
  await expectClosed(peer);
});
