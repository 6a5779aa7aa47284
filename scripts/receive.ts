import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";

/** `npm run receive -- issues.opened`: one of `test/fixtures` through the app by `probot receive`. */
const FIXTURES = "test/fixtures";
const [name = ""] = process.argv.slice(2);
const path = name.endsWith(".json") ? name : `${FIXTURES}/${name}.json`;
if (!name || !existsSync(path)) {
  const known = readdirSync(FIXTURES)
    .filter((file) => file.endsWith(".json"))
    .map((file) => `  ${file.replace(".json", "")}`);
  console.error(
    `${name ? `There is no fixture '${name}'. ` : ""}Usage: npm run receive -- <fixture>\n\n${known.join("\n")}`,
  );
  process.exit(2);
}
const event = path.split("/").at(-1)?.split(".")[0] ?? "";
const args = ["node_modules/probot/bin/probot.js", "receive", "-a", "1", "-e", event, "-p", path, "./dist/app.js"];
process.exit(spawnSync(process.execPath, args, { stdio: "inherit" }).status ?? 1);
