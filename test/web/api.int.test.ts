import { describe, expect, it } from "vitest";
import { z } from "zod";
import { trusted } from "../../simulator/control/trusted.js";
import { parseJson } from "../../src/unchecked.js";
import { withDatabase } from "../support/database.js";
import { bearer, json, openApi } from "./api-setting.js";
import { guidOf, plantBody, plantTenants, VIEWERS } from "./tenants.js";

const { store } = await withDatabase({ poolSize: 8 });
await plantTenants(store);
await plantBody(store, 10);
const TOKEN = "operator-token-of-this-test";
const { app, ask } = openApi(store, { adminToken: TOKEN });

const Description = z.object({
  openapi: z.string(),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        responses: z.record(
          z.string(),
          z.object({ content: z.record(z.string(), z.object({ schema: z.looseObject({}) })) }),
        ),
      }),
    ),
  ),
  components: z.object({ schemas: z.record(z.string(), z.looseObject({})) }),
});
const description = Description.parse(await (await app.request("/api/openapi.json")).json());

/** Checks a real answer against the published description, and not against the code that made it. */
async function expectDescribed(method: string, path: string, answer: Response): Promise<unknown> {
  const [type = ""] = (answer.headers.get("content-type") ?? "").split(";");
  const described =
    description.paths[`/api/integrations/github${path}`]?.[method]?.responses[String(answer.status)]?.content[type]
      ?.schema;
  if (!described) throw new Error(`${method} ${path} answers ${answer.status} ${type}, which is not described`);
  const whole = JSON.stringify({ ...described, $defs: description.components.schemas }).replaceAll(
    "#/components/schemas/",
    "#/$defs/",
  );
  const body: unknown = await answer.json();
  expect(z.fromJSONSchema(trusted(parseJson(whole))).safeParse(body)).toMatchObject({ success: true });
  return body;
}

const operator = { headers: bearer(TOKEN) };

describe("the description", () => {
  it("is OpenAPI 3.1, for everyone", () => expect(description.openapi).toBe("3.1.0"));

  it.each([
    ["/status", "/status"],
    ["/installations", "/installations"],
    ["/repositories", "/repositories?limit=2"],
    ["/pulls", "/pulls?state=open&text=secret"],
    ["/issues", "/issues?repository=acme/secret-of-10"],
    ["/deployments", "/deployments"],
    ["/metrics/dora", "/metrics/dora?receipts=true&unit=day"],
    ["/deliveries", "/deliveries?status=processed,failed"],
    ["/deliveries/{guid}", `/deliveries/${guidOf(10)}`],
    ["/agents/runs", "/agents/runs"],
    ["/story", "/story?of=acme/secret-of-10%231"],
    ["/sync", "/sync"],
    ["/health", "/health"],
    ["/alerts", "/alerts"],
  ])("fits the real answer of GET %s", async (path, asked) => {
    const answer = await ask(asked, operator);
    expect(answer.status).toBe(200);
    await expectDescribed("get", path, answer);
  });

  it("fits the answers of writes and of refusals", async () => {
    await expectDescribed("post", "/sync", await ask("/sync", json({ installation: 1, full: true }, bearer(TOKEN))));
    await expectDescribed(
      "post",
      "/deliveries/{guid}/replay",
      await ask(`/deliveries/${guidOf(10)}/replay`, json({}, bearer(TOKEN))),
    );
    await expectDescribed(
      "post",
      "/deliveries/{guid}/replay",
      await ask(`/deliveries/${guidOf(11)}/replay`, json({}, bearer(TOKEN))),
    );
    await expectDescribed("get", "/pulls", await ask("/pulls"));
    await expectDescribed("get", "/pulls", await ask("/pulls?limit=0", operator));
    await expectDescribed("get", "/pulls", await ask("/pulls?installation=99", operator));
    await expectDescribed(
      "post",
      "/tokens",
      await ask("/tokens", json({ name: "x", scopes: ["read"], days: 1 }, bearer(TOKEN))),
    );
  });
});

describe("a list", () => {
  it.each(["/repositories", "/pulls", "/issues", "/deployments", "/deliveries", "/agents/runs"])(
    "%s is read page by page to its end",
    async (path) => {
      const Page = z.object({
        items: z.array(z.object({ id: z.string().optional(), guid: z.string().optional() })),
        next: z.string().nullable(),
      });
      const seen: string[] = [];
      for (let cursor = ""; ;) {
        const page = Page.parse(await (await ask(`${path}?limit=1${cursor}`, operator)).json());
        seen.push(...page.items.map((item) => item.id ?? item.guid ?? ""));
        if (page.next === null) break;
        cursor = `&cursor=${page.next}`;
      }
      expect([seen.length, new Set(seen).size]).toEqual([3, 3]);
    },
  );

  it.each([
    "cursor=x",
    "cursor=MQ",
    "limit=101",
    "limit=x",
    "unknown=1",
    "repository=acme",
    "state=merged",
    "installation=1%20OR%201=1",
    "from=yesterday",
  ])("refuses ?%s with the reason", async (query) => {
    const path = query.startsWith("from") ? "/deliveries" : "/pulls";
    const answer = await ask(`${path}?${query}`, operator);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      400,
      "application/problem+json; charset=utf-8",
    ]);
  });
});

it("answers 304 while nothing has changed, only to the same viewer", async () => {
  const first = await ask("/pulls", operator);
  const etag = first.headers.get("etag") ?? "";
  const again = await ask("/pulls", { headers: { ...bearer(TOKEN), "if-none-match": etag } });
  expect([again.status, await again.text(), again.headers.get("cache-control")]).toEqual([
    304,
    "",
    "private, no-cache",
  ]);
  const other = await ask("/pulls", { headers: { "if-none-match": etag } });
  expect(other.status).toBe(401);
});

it.each([
  ["a body that is no JSON", "{", "application/json", 400],
  ["a form, which another site could send", "installation=1", "application/x-www-form-urlencoded", 415],
  ["plain text, which another site could send", '{"installation":1}', "text/plain", 415],
  ["a number where an object belongs", "7", "application/json", 400],
  ["a prototype", '{"__proto__":{"installation":1}}', "application/json", 400],
])("refuses %s", async (_what, body, type, status) => {
  const answer = await ask("/sync", { method: "POST", body, headers: { "content-type": type, ...bearer(TOKEN) } });
  expect(answer.status).toBe(status);
});

describe("a write by cookie", () => {
  const viewer = { ...VIEWERS["an admin of acme"], kind: "user" as const, csrf: "the-token-of-this-session" };
  const { ask: byCookie } = openApi(store, { viewerOf: async () => viewer });

  it.each([
    ["no token", {}],
    ["another token", { "x-csrf-token": "forged" }],
    ["a foreign origin", { "x-csrf-token": viewer.csrf, origin: "https://evil.example" }],
    ["a browser that says so", { "x-csrf-token": viewer.csrf, "sec-fetch-site": "same-site" }],
  ])("is refused with %s", async (_what, headers) => {
    expect((await byCookie("/sync", json({ installation: 1 }, headers))).status).toBe(403);
  });

  it("is taken with the session's token", async () => {
    expect((await byCookie("/sync", json({ installation: 1 }, { "x-csrf-token": viewer.csrf }))).status).toBe(202);
  });
});

it("shows no internals when a request fails unexpectedly", async () => {
  const broken = openApi(
    { ...store, readAs: () => Promise.reject(new Error("password=hunter2 at 10.0.0.5")) },
    { adminToken: TOKEN },
  );
  const answer = await broken.ask("/pulls", operator);
  expect([answer.status, await answer.text()]).toEqual([500, expect.not.stringMatching(/hunter2|10\.0\.0\.5/)]);
});
