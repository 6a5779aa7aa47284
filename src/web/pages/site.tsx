import { getRequestListener } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { createLiveHub, LIVE_PATH } from "../live/hub.js";
import type { RequestHandler } from "../../http/server.js";
import { account } from "./account.js";
import { type Done, recordActs } from "./acts.js";
import { activity, replayMany, retryFailed } from "./activity.js";
import { agents } from "./agents.js";
import { readAssets, serveAssets } from "./assets.js";
import { deployments } from "./deployments.js";
import { dora } from "./dora.js";
import { find } from "./find.js";
import { issues } from "./issues.js";
import { operations } from "./operations.js";
import { overview } from "./overview.js";
import type { Answer, PageContext, SiteOptions } from "./page.js";
import { pulls } from "./pulls.js";
import { type Form, framed, notFound, pageHandler, type Responding } from "./respond.js";
import { rulePage } from "./rule.js";
import { deliveryStory } from "./story/delivery.js";
import { deploymentStory } from "./story/deployment.js";
import { replayDelivery } from "./story/replay.js";
import { subjectStory } from "./story/subject.js";
import { undoSubject } from "./story/undo.js";
import { askForSync, syncPage } from "./sync.js";
import { answerTriage, triagePage } from "./triage.js";

export interface Site {
  readonly handle: RequestHandler;
  readonly app: Hono;
  /** For other modules' pages in the site's frame. */
  framed(c: Context, page: Parameters<typeof framed>[2]): Promise<Response>;
  close(): void;
}

const LARGEST_FORM = 64 * 1024;
const GUID = "[0-9a-fA-F-]{36}";

/** The pages, their files and the live stream. Answers every request that reaches it. */
export function createSite(site: SiteOptions): Site {
  const responding: Responding = { site, assets: readAssets() };
  const hub = createLiveHub(site);
  const app = new Hono();
  const get = (path: string, render: (context: PageContext, c: Context) => Promise<Answer>) =>
    app.get(path, pageHandler(responding, render));
  const post = (path: string, act: (context: PageContext, c: Context, form: Form) => Promise<Done>) =>
    app.post(
      path,
      bodyLimit({ maxSize: LARGEST_FORM }),
      pageHandler(responding, async (context, c, form) => {
        const { answer, acts } = await act(context, c, form);
        await recordActs(context, acts);
        return answer;
      }),
    );

  serveAssets(app, [responding.assets.style, responding.assets.icon, ...responding.assets.scripts]);
  app.get(LIVE_PATH, (c) => hub.stream(c));

  get("/", overview);
  get("/find", find);
  get("/account", account);
  get("/activity", activity);
  post("/activity/replay", replayMany);
  post("/activity/retry", retryFailed);
  get("/pulls", pulls);
  get("/issues", issues);
  get("/triage", triagePage);
  post("/triage/answer", (context, _c, form) => answerTriage(context, form));
  get("/deployments", deployments);
  get("/dora", dora);
  get("/agents", agents);
  get("/sync", syncPage);
  post("/sync", (context, _c, form) => askForSync(context, form));
  get("/operations", operations);
  get(`/story/:guid{${GUID}}`, (context, c) => deliveryStory(context, (c.req.param("guid") ?? "").toLowerCase()));
  post(`/story/:guid{${GUID}}/replay`, (context, c) =>
    replayDelivery(context, (c.req.param("guid") ?? "").toLowerCase()),
  );
  get("/story/:owner/:repo/:number{[0-9]{1,9}}", (context, c) =>
    subjectStory(context, nameOf(c), Number(c.req.param("number"))),
  );
  post("/story/:owner/:repo/:number{[0-9]{1,9}}/undo", (context, c, form) =>
    undoSubject(context, nameOf(c), Number(c.req.param("number")), form),
  );
  get("/story/:owner/:repo/deployments/:id{[0-9]{1,18}}", (context, c) =>
    deploymentStory(context, nameOf(c), BigInt(c.req.param("id") ?? 0)),
  );
  // Rules are public: people come from GitHub, with or without an account here.
  app.get("/rules/:rule{[a-z][a-z-]{1,60}}", (c, next) => rulePage(responding, c, next));
  app.notFound(notFound(responding));

  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  return {
    app,
    framed: (c, page) => framed(responding, c, { ...page, body: <div class="plain">{page.body}</div> }),
    handle(request, response) {
      void listener(request, response);
      return true;
    },
    close: () => hub.close(),
  };
}

function nameOf(c: Context): string {
  return `${c.req.param("owner") ?? ""}/${c.req.param("repo") ?? ""}`;
}
