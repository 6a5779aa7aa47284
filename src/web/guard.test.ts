import { createServer } from "node:http";
import { request as httpRequest } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { createGuard } from "./guard.js";
import { firstOf, listen } from "./server.js";

async function ask(publicUrl: string | undefined, headers: Record<string, string>) {
  const server = await listen(createServer(firstOf([createGuard(publicUrl)])), { host: "127.0.0.1", port: 0 });
  onTestFinished(() => server.close(0));
  return new Promise<{ status: number | undefined; headers: Record<string, unknown> }>((resolve, reject) => {
    const sent = httpRequest(server.url, { headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode, headers: response.headers });
    });
    sent.on("error", reject).end();
  });
}

it.each([
  ["https://app.example.com", { host: "app.example.com" }, 404],
  ["https://app.example.com", { host: "APP.example.com" }, 404],
  ["https://app.example.com", { host: "localhost:3000" }, 404],
  ["https://app.example.com", { host: "evil.example" }, 421],
  ["https://app.example.com", { host: "app.example.com.evil.example" }, 421],
  ["https://app.example.com", { host: "app.example.com:8443" }, 421],
  ["https://app.example.com", { host: "localhost.evil.example" }, 421],
  ["https://app.example.com", { host: "10.0.0.7", authorization: "Bearer of-a-program" }, 404],
  [undefined, { host: "anything.example" }, 404],
])("with PUBLIC_URL %s a request for %j gets %s", async (publicUrl, headers, status) => {
  expect((await ask(publicUrl, headers)).status).toBe(status);
});

it("sends the headers that every answer carries, and HSTS behind TLS alone", async () => {
  const tls = await ask("https://app.example.com", { host: "app.example.com" });
  expect(tls.headers).toMatchObject({
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "strict-transport-security": "max-age=31536000",
  });
  const plain = await ask("http://app.example.com", { host: "app.example.com" });
  expect(plain.headers["strict-transport-security"]).toBeUndefined();
});
