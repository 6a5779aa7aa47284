import { parseJson } from "../src/unchecked.js";
import { trusted } from "./control/trusted.js";
import { startGitHub, type GitHubAddress, type GitHubOptions } from "./start.js";

/** `tsx simulator/main.ts ['{"port":3001,…}']`: options as JSON; prints its address, or sends it to its parent. */
const github = await startGitHub(trusted<GitHubOptions>(parseJson(process.argv[2] ?? "{}")));
const { url, graphqlUrl, appId, privateKey, webhookSecret, clientId, clientSecret } = github;
const address: GitHubAddress = { url, graphqlUrl, appId, privateKey, webhookSecret, clientId, clientSecret };

if (process.send === undefined) {
  process.stdout.write(`${JSON.stringify(address, null, 2)}\n`);
} else {
  process.send(address);
  // Signals of the terminal are the parent's business; this process ends with it.
  for (const signal of ["SIGINT", "SIGHUP"]) process.on(signal, () => undefined);
  process.once("disconnect", () => {
    void github.close().finally(() => process.exit(0));
  });
}
