import { generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import { createNodeMiddleware, Probot } from "probot";
import { serverOptions } from "../serve.js";

export interface BenchDelivery {
  readonly id: string;
  readonly name: string;
  readonly payload: unknown;
}

/** Probot 14 as its documentation mounts it on Node's http, without its request log. */
export async function probotServer(handle: (delivery: BenchDelivery) => Promise<unknown>): Promise<Server> {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  const probot = new Probot({ appId: 1, privateKey, secret: serverOptions().secret, logLevel: "fatal" });
  const middleware = await createNodeMiddleware(
    (app) => {
      app.on(["push", "pull_request"], (context) =>
        handle({ id: context.id, name: context.name, payload: context.payload }),
      );
    },
    { probot },
  );
  return createServer((request, response) => {
    void middleware(request, response, () => response.writeHead(404).end());
  });
}
