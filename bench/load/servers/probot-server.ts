import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { type ApplicationFunction, createNodeMiddleware, Probot, Server } from "probot";
import { freePort } from "../../../src/store/embedded/free-port.js";
import { report, serve, serverOptions } from "../serve.js";

export interface BenchDelivery {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
}

type Handle = (delivery: BenchDelivery) => Promise<unknown>;

/** Probot 14 as `probot run` and its `Server` come: every setting at its default, its log going nowhere. */
export async function serveStock(handle: Handle): Promise<void> {
  // It takes 0 for "not given".
  const server = new Server({ port: await freePort(), host: "127.0.0.1", Probot: Probot.defaults(credentials()) });
  await server.load(appOf(handle));
  report(await server.start());
}

/** The least of Probot 14: its middleware on Node's http, without a log. */
export async function serveMiddleware(handle: Handle): Promise<void> {
  const probot = new Probot({ ...credentials(), logLevel: "fatal" });
  const middleware = await createNodeMiddleware(appOf(handle), { probot });
  serve(
    createServer((request, response) => {
      void middleware(request, response, () => response.writeHead(404).end());
    }),
  );
}

function appOf(handle: Handle): ApplicationFunction {
  return (app) => {
    app.on(["push", "pull_request"], (context) =>
      handle({ id: context.id, name: context.name, payload: context.payload }),
    );
  };
}

function credentials() {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  return { appId: 1, privateKey, secret: serverOptions().secret };
}
