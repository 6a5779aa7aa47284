import { request } from "node:http";
import { afterAll, expect, it } from "vitest";
import { startGitHub } from "../../simulator/index.js";
import { startBeside } from "../support/app.js";
import { createDatabase } from "../support/database.js";
import { ADMIN_TOKEN, KEY } from "./setting.js";

const database = await createDatabase();
const github = await startGitHub();
await github.control.apply("createRepository", { repository: "acme/shop" });
await github.control.apply("install", {});
const running = await startBeside(github, database.url, {
  env: {
    ADMIN_TOKEN,
    ENCRYPTION_KEYS: KEY,
    PUBLIC_URL: "http://app.example.com",
    GITHUB_SERVER_URL: github.url,
    GITHUB_CLIENT_ID: github.clientId,
    GITHUB_CLIENT_SECRET: github.clientSecret,
  },
});
afterAll(async () => {
  await running.close();
  await database.drop();
  await github.close();
});

function ask(path: string, headers: Record<string, string> = {}) {
  return new Promise<{
    status: number | undefined;
    text: string;
    location: string | undefined;
    cookies: readonly string[];
  }>((resolve, reject) => {
    request(`${running.url}${path}`, { headers: { host: "app.example.com", ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const { location, "set-cookie": cookies = [] } = response.headers;
        resolve({ status: response.statusCode, text: Buffer.concat(chunks).toString(), location, cookies });
      });
    })
      .on("error", reject)
      .end();
  });
}

it("signs a person in over HTTP, on the port of the deliveries", async () => {
  expect((await ask("/sign-in")).text).toContain("Connect GitHub");
  const begun = await ask("/api/integrations/github/connect");
  expect(begun.location).toContain(encodeURIComponent("http://app.example.com/api/integrations/github/callback"));
  const agreed = await fetch(`${begun.location}&login=mona`, { redirect: "manual" });
  const back = new URL(agreed.headers.get("location") ?? "");
  const cookie = begun.cookies.map((each) => each.split(";")[0]).join("; ");
  const ended = await ask(`${back.pathname}${back.search}`, { cookie });
  expect([ended.status, ended.location]).toEqual([302, "/"]);
});

it("answers nothing to a foreign host name", async () => {
  for (const path of ["/sign-in", "/", "/api/integrations/github/connect", "/api/integrations/github/health"])
    expect([path, (await ask(path, { host: "evil.example" })).status]).toEqual([path, 421]);
  expect((await ask("/healthz", { host: "10.0.0.7" })).status).toBe(200);
});

it("answers every method and oddity of a sign-in without falling over", async () => {
  for (const path of [
    "/sign-in?return_to=%E0%A4%A",
    "/api/integrations/github/callback?state=%00&code=%ff",
    `/api/integrations/github/callback?state=${"x".repeat(7_000)}`,
    "/api/integrations/github/callback?error=access_denied&error_description=<script>alert(1)</script>",
  ]) {
    const answer = await ask(path, { cookie: "companyos-sign-in=;;;=\u00ff" });
    expect([path, answer.status !== undefined && answer.status < 500]).toEqual([path, true]);
    expect(answer.text).not.toContain("<script>");
  }
});

it("shows the page of a review rule to everybody, and no other file", async () => {
  const page = await ask("/rules/sql-injection");
  expect([page.status, page.text]).toEqual([200, expect.stringMatching(/<h1>\s*Rule <code>sql-injection<\/code>/)]);
  expect(page.text).toContain("comment /ignore sql-injection");
  for (const path of ["/rules/no-such-rule", "/rules/..%2fREADME"])
    expect((await ask(path)).text, path).not.toContain("Rule <code>");
});
