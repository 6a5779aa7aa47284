import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { emitterEventNames } from "@octokit/webhooks";

/** `npm run receive -- issues.opened`: one of `test/fixtures` through the app by `probot receive`. */
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FIXTURES = join(ROOT, "test/fixtures");
const EVENTS = new Set(emitterEventNames.map((name) => name.split(".", 1)[0]));

const [name = ""] = process.argv.slice(2);
const path = name.endsWith(".json") ? name : join(FIXTURES, `${name}.json`);
if (!name || !existsSync(path)) {
  const known = readdirSync(FIXTURES)
    .filter((file) => file.endsWith(".json"))
    .map((file) => `  ${file.replace(".json", "")}`);
  fail(`${name ? `There is no fixture '${name}'. ` : ""}Usage: npm run receive -- <fixture>\n\n${known.join("\n")}`);
}
const event = basename(path).split(".")[0] ?? "";
if (!EVENTS.has(event))
  fail(`'${event}' is no event of GitHub's: name the file for its event, such as issues.opened.json or push.json.`);
const probot = fileURLToPath(new URL("../bin/probot.js", import.meta.resolve("probot")));
const args = [probot, "receive", "-a", "1", "-e", event, "-p", path, join(ROOT, "dist/app.js")];
process.exit(spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1);

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
