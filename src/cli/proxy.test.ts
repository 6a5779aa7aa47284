import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { afterAll, expect, it } from "vitest";
import { buildOctokit } from "../github/octokit.js";
import { useProxy } from "./proxy.js";

const servers: Server[] = [];
const seen: string[] = [];
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

it("sends requests through the configured proxy, and local ones past it", async () => {
  const target = await listen(
    createServer((request, response) => {
      response.setHeader("content-type", "application/json").end(JSON.stringify({ host: request.headers.host }));
    }),
  );
  const proxy = createServer().on("connect", (request, socket) => {
    seen.push(request.url ?? "");
    const tunnel = connect(target, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      tunnel.pipe(socket).pipe(tunnel);
    });
    socket.on("error", () => tunnel.destroy());
  });
  const httpProxy = `http://127.0.0.1:${await listen(proxy)}`;

  await useProxy({ httpProxy, httpsProxy: undefined, noProxy: "direct.invalid" });

  const octokit = new (buildOctokit({ apiUrl: "http://api.github.invalid" }))();
  expect((await octokit.request("GET /meta")).data).toEqual({ host: "api.github.invalid" });
  expect(seen).toEqual(["api.github.invalid:80"]);
  expect(await (await fetch(`http://127.0.0.1:${target}/`)).json()).toEqual({ host: `127.0.0.1:${target}` });
  await expect(fetch("http://direct.invalid/")).rejects.toThrow("fetch failed");
  expect(seen).toHaveLength(1);
});
