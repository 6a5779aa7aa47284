import { Hono } from "hono";
import { expect, it } from "vitest";
import { createLog } from "../../log.js";
import { SCOPES, type Viewer } from "../viewer.js";
import { createLiveHub } from "./hub.js";

const viewer: Viewer = {
  kind: "user",
  login: "ada",
  userId: 7n,
  avatarUrl: null,
  installations: [],
  operator: false,
  csrf: "",
  scopes: new Set(SCOPES),
};

it("opens no stream once it is closed, even for a pending request, which would delay the exit", async () => {
  let answer: () => void = () => undefined;
  const reached = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const hub = createLiveHub({
    store: { sql: { query: () => reached.then(() => []) } },
    clock: { now: () => new Date() },
    log: createLog({ level: "silent" }),
    viewerOf: () => Promise.resolve(viewer),
  });
  const app = new Hono().get("/live", (c) => hub.stream(c));
  const asked = app.request("/live");
  hub.close();
  answer();
  expect((await asked).status).toBe(503);
  expect((await app.request("/live")).status).toBe(503);
});
