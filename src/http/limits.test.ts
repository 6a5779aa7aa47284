import type { RequestListener, ServerResponse } from "node:http";
import { describe, expect, it, vi } from "vitest";
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
import type { ServerLimits } from "./limits.js";

describe("answers", () => {
  /** Answers only when the test says so. */
  async function slow(limits: Partial<ServerLimits>) {
    const waiting: ServerResponse[] = [];
    const port = await startHttp({ next: (_request, response) => void waiting.push(response), limits });
    return { port, waiting, begun: (n: number) => vi.waitFor(() => expect(waiting).toHaveLength(n)) };
  }

  it("of one path are limited, and release their places when they are read or their readers disconnect", async () => {
    const { port, waiting, begun } = await slow({ answersPerPath: 2 });
    const [first, gone] = [dial(port, head("GET /a?1")), dial(port, head("GET /a?2"))];
    await begun(2);
    await expectSaid(dial(port, head("GET /a?3")), /^HTTP\/1\.1 503 [^]*retry-after: 5/i);
    await expectHealthy(port);
    dial(port, head("GET /b"));
    await begun(3);
    waiting[0]?.end();
    await expectSaid(first, /^HTTP\/1\.1 200 /);
    gone.socket.resetAndDestroy();
    await expectClosed(gone);
    await vi.waitFor(async () => {
      const again = dial(port, head("GET /a?4"));
      await vi.waitFor(() => expect(waiting.length > 3 || again.text() !== "").toBe(true));
      expect(again.text()).toBe("");
    });
  });

  it("limits all paths together; a path with its own limit has separate places", async () => {
    const { port, begun } = await slow({ answers: 2, paths: { "/events": { answers: 3 } } });
    dial(port, head("GET /a"));
    dial(port, head("GET /b"));
    await begun(2);
    await expectSaid(dial(port, head("GET /c")), /^HTTP\/1\.1 503 /);
    for (let n = 0; n < 3; n++) dial(port, head("GET /events"));
    await begun(5);
    await expectSaid(dial(port, head("GET /events")), /^HTTP\/1\.1 503 /);
    await expectHealthy(port);
    await expectSaid(dial(port, head(`PUT ${WEBHOOKS}`)), /^HTTP\/1\.1 405 /);
  });

  it("that pipelined requests wait for end with their connection", async () => {
    const { port, begun, waiting } = await slow({ answersPerPath: 3 });
    const peer = dial(port, head("GET /a").repeat(3));
    await begun(3);
    peer.socket.resetAndDestroy();
    await vi.waitFor(async () => {
      dial(port, head("GET /a"));
      await vi.waitFor(() => expect(waiting).toHaveLength(4), { timeout: 200 });
    });
  });

  it("that are not read are given up", async () => {
    const next: RequestListener = (_request, response) => response.end(Buffer.alloc(16 * 1024 * 1024));
    const port = await startHttp({ next, limits: { stillMs: 300 } });
    const peer = dial(port);
    peer.socket.pause();
    peer.socket.write(head("GET /large"));
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    peer.socket.resume();
    await expectClosed(peer);
    expect(peer.text().length).toBeLessThan(16 * 1024 * 1024);
  });
});

describe("a connection", () => {
  it.each(["/healthz", "/readyz", "/nowhere", WEBHOOKS])("that pipelines %s without end is closed", async (path) => {
    const port = await startHttp();
    const peer = dial(port);
    peer.socket.pause();
    peer.socket.write(head(`GET ${path}`).repeat(4_000));
    await expectHealthy(port);
    peer.socket.resume();
    await expectClosed(peer);
    await expectHealthy(port);
  });

  it("may make any number of requests one after the other", async () => {
    const peer = dial(await startHttp());
    for (let n = 1; n <= 50; n++) {
      peer.socket.write(head("GET /healthz"));
      await vi.waitFor(() => expect(peer.text().match(/"alive"/g)).toHaveLength(n), { interval: 1 });
    }
  });

  it("too many connections close the one idle for longest, and never one that waits for its answer", async () => {
    const waiting: ServerResponse[] = [];
    const next: RequestListener = (_request, response) => void waiting.push(response);
    const port = await startHttp({ next, limits: { connections: 3 } });
    const asking = dial(port, head("GET /slow"));
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    const old = dial(port, head("GET /healthz"));
    await expectSaid(old, /alive/);
    const body = head(`POST ${WEBHOOKS}`, [...FORGED, "content-length: 10", "expect: 100-continue"]);
    const sending = dial(port, body);
    await expectSaid(sending, /100 Continue/);
    await expectHealthy(port);
    await expectClosed(old);
    await expectHealthy(port);
    const more = dial(port, body);
    await expectSaid(more, /100 Continue/);
    await expectHealthy(port);
    await expectClosed(sending);
    expect(more.socket.closed).toBe(false);
    waiting[0]?.end("done");
    await expectSaid(asking, /done$/);
  });
});
