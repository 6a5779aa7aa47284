// Makes a bare clone ready to run: packages, the Prisma client and, with --build, dist/; with --all also .build/, the demo
// and the processes of the tests and benches as JavaScript, which start in a third of the time. Does only what is missing or stale,
// so that a second run costs next to nothing. Plain JavaScript: it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node.js ${process.versions.node} is too old: 20.19 or newer is needed (https://nodejs.org).`);
  process.exit(1);
}

step("packages", "node_modules/.setup-packages", ["package-lock.json"], "npm", [
  "ci",
  // Also where NODE_ENV is production: the compiler is among them.
  "--include=dev",
  "--no-audit",
  "--no-fund",
]);
step("Prisma client", "src/store/generated/.setup-client", ["prisma/schema.prisma"], "npx", ["prisma", "generate"]);
const all = process.argv.includes("--all");
if (all || process.argv.includes("--build"))
  step(
    "build",
    "dist/.setup-build",
    ["src", "prisma/schema.prisma", "tsconfig.build.json", "package-lock.json"],
    "npx",
    ["tsc", "-p", "tsconfig.build.json"],
    () => copyAssets("dist"),
  );
if (all)
  step(
    "build of the demo and of what the tests and benches start",
    ".build/.setup-build",
    [
      "src",
      "demo",
      "simulator",
      "test",
      "bench/load",
      "prisma/schema.prisma",
      "tsconfig.all.json",
      "tsconfig.json",
      "package-lock.json",
    ],
    "npx",
    ["tsc", "-p", "tsconfig.all.json"],
    () => copyAssets(".build/src"),
  );

/** What the browser gets is no TypeScript: the compiler does not copy it. */
function copyAssets(into) {
  cpSync("src/web/assets", join(into, "web/assets"), { recursive: true });
}

/** Runs the command, and then `after`, unless the stamp file holds the hash of the inputs. */
function step(what, stamp, inputs, command, args, after = () => undefined) {
  const hash = createHash("sha256").update(inputs.map(fingerprint).join("\n")).digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  console.error(`setup: ${what} (${command} ${args.join(" ")})`);
  const result = spawnSync(command, args, {
    stdio: ["ignore", "pipe", "inherit"],
    shell: process.platform === "win32",
  });
  if (result.status !== 0) {
    process.stderr.write(result.stdout ?? "");
    console.error(`setup: ${what} failed; run '${command} ${args.join(" ")}' to see why`);
    process.exit(result.status ?? 1);
  }
  after();
  writeFileSync(stamp, hash);
}

function fingerprint(path) {
  if (!statSync(path).isDirectory()) return `${path} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
  return readdirSync(path)
    .filter((name) => name !== "generated" && !/\.test\.tsx?$/.test(name))
    .sort()
    .map((name) => fingerprint(join(path, name)))
    .join("\n");
}
