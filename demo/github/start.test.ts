import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/core";
import { afterEach, expect, test } from "vitest";
import { startGitHub, type GitHubOptions, type RunningGitHub } from "./start.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function started(options: GitHubOptions = {}): Promise<RunningGitHub> {
  const github = await startGitHub(options);
  open.push(github);
  return github;
}

async function receiver(
  status = 202,
): Promise<{ url: string; received: { headers: IncomingHttpHeaders; body: string }[] }> {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  });
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/hook`, received };
}

async function withShop(options: GitHubOptions = {}) {
  const github = await started(options);
  await github.control.apply("createRepository", { repository: "acme/shop" });
  const { id = 0 } = await github.control.apply("install", {});
  const octokit = new Octokit({
    baseUrl: github.url,
    authStrategy: createAppAuth,
    auth: { appId: github.appId, privateKey: github.privateKey, installationId: id },
  });
  return { github, octokit, installationId: id };
}

test("an App signs in, gets a token and reads what its installation covers", async () => {
  const { octokit } = await withShop();
  const { data } = await octokit.request("GET /installation/repositories");
  expect(data.repositories.map((each) => each.full_name)).toEqual(["acme/shop"]);
});

test("a change is delivered signed, and a redelivery keeps its GUID", async () => {
  const { github, octokit } = await withShop();
  await github.control.run("idle", {});
  const { url, received } = await receiver();
  await github.control.run("webhook", { url });
  await github.control.apply("openPull", { repository: "acme/shop", title: "Add a cart" });
  await github.control.run("idle", {});
  expect(received.map((each) => each.headers["x-github-event"])).toEqual(["pull_request"]);
  const [first] = received;
  const signature = createHmac("sha256", github.webhookSecret)
    .update(first?.body ?? "")
    .digest("hex");
  expect(first?.headers["x-hub-signature-256"]).toBe(`sha256=${signature}`);

  const app = new Octokit({
    baseUrl: github.url,
    authStrategy: createAppAuth,
    auth: { appId: github.appId, privateKey: github.privateKey },
  });
  const { data } = await app.request("GET /app/hook/deliveries", { per_page: 1 });
  const [newest] = data;
  await app.request("POST /app/hook/deliveries/{delivery_id}/attempts", { delivery_id: Number(newest?.id) });
  await github.control.run("idle", {});
  expect(received[1]?.headers["x-github-delivery"]).toBe(first?.headers["x-github-delivery"]);
  expect(received[1]?.body).toBe(first?.body);
  const after = await app.request("GET /app/hook/deliveries", { per_page: 1 });
  expect(after.data[0]?.guid).toBe(newest?.guid);
  expect(after.data[0]?.id).not.toBe(newest?.id);
  expect(after.headers.link).toContain("cursor=v1_");
  expect(octokit).toBeDefined();
});
