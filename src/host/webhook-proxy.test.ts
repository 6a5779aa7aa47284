import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import { createLog } from "../log.js";
import { openWebhookProxy } from "./webhook-proxy.js";

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? (address?.port ?? 0) : 0}`;
}

it("posts each delivery of the channel to this server, with its headers and a signature that still holds", async () => {
  const body = { action: "opened", title: "ümlaut" };
  const signature = `sha256=${createHmac("sha256", "secret").update(JSON.stringify(body)).digest("hex")}`;
  const headers = { "x-github-event": "issues", "x-github-delivery": "guid-1", "x-hub-signature-256": signature };
  const channel = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("event: ready\ndata: {}\n\n");
    response.write(`id: 1\ndata: ${JSON.stringify({ ...headers, body, query: {}, timestamp: 1 })}\n\n`);
  });
  let arrived: (delivery: { readonly request: IncomingMessage; readonly text: string }) => void = () => undefined;
  const delivery = new Promise<{ readonly request: IncomingMessage; readonly text: string }>((resolve) => {
    arrived = resolve;
  });
  const target = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      response.writeHead(202).end();
      arrived({ request, text: Buffer.concat(chunks).toString() });
    });
  });
  const proxy = await openWebhookProxy(
    await listening(channel),
    await listening(target),
    createLog({ level: "silent" }),
  );
  onTestFinished(() => proxy.close());
  const { request, text } = await delivery;
  expect([request.method, request.url]).toEqual(["POST", "/api/github/webhooks"]);
  expect(request.headers).toMatchObject(headers);
  expect(createHmac("sha256", "secret").update(text).digest("hex")).toBe(signature.slice("sha256=".length));
});
