import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { dirname, normalize } from "node:path";

/**
 * Enforces the one direction of imports inside `src`: a file may import its own layer and those before it. Type-only
 * imports count as well, but for those of a seam, a file named below.
 */
const LAYERS: readonly (readonly string[])[] = [
  ["domain.ts", "job-payloads.ts", "unchecked.ts", "package-file.ts"],
  ["errors", "errors.ts", "effects/effect.ts"],
  ["config", "config.ts", "crypto", "log.ts", "log", "telemetry", "text"],
  ["facts"],
  ["handlers", "agents", "settings", "health"],
  ["store"],
  ["github"],
  ["effects"],
  ["sync"],
  ["alerts"],
  ["runs", "jobs"],
  ["work"],
  ["process"],
  ["http"],
  ["inbox", "reports", "web", "events"],
  ["host/inline"],
  ["app.ts"],
  ["main.ts", "host", "doctor", "action.ts"],
  ["cli", "cli.ts"],
];

/** Files whose types a layer before them may name: what it says is theirs, and it calls nothing of them. */
const SEAMS: readonly string[] = [
  // Who our writes are by: the gateway asks GitHub, the effects compare.
  "effects/author.ts",
  // The rows that pure rules judge.
  "store/alerts/findings.ts",
  "store/health/standings.ts",
];

/** Packages that only one room may import, so that they can be replaced in one place. */
const OWNED_PACKAGES: readonly { readonly test: RegExp; readonly rooms: readonly string[] }[] = [
  { test: /^bullmq$/, rooms: ["work"] },
  { test: /^(pg|@prisma\/.*|.*\/generated\/client\.js)$/, rooms: ["store"] },
  { test: /^(ai|@ai-sdk\/.*)$/, rooms: ["agents"] },
  { test: /^@octokit\/(core|graphql|plugin-.*|rest|auth-app)$/, rooms: ["github"] },
];

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "src"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /\.tsx?$/.test(file) && !file.includes(".test.") && !file.includes("/generated/"));

const complaints = files.flatMap(complaintsOf);
for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
else console.log(`imports: ${files.length} files, one direction`);

function complaintsOf(file: string): readonly string[] {
  return importsOf(file).flatMap(({ specifier, typeOnly }) => {
    if (!specifier.startsWith(".")) return packageComplaint(file, specifier, typeOnly);
    const target = normalize(`${dirname(file)}/${specifier}`);
    if (target.startsWith("../") || !target.startsWith("src/")) return [`${file}: imports ${target}, outside src`];
    const from = layerOf(file);
    const to = layerOf(target);
    if (from < 0 || to < 0) return [`${from < 0 ? file : target}: belongs to no layer; name it in scripts/imports.ts`];
    const isSeam = typeOnly && SEAMS.includes(target.slice("src/".length).replace(/\.js$/, ".ts"));
    return to > from && !isSeam ? [`${file}: imports ${target}, a later layer`] : [];
  });
}

function packageComplaint(file: string, specifier: string, typeOnly: boolean): readonly string[] {
  if (typeOnly) return [];
  const owner = OWNED_PACKAGES.find(({ test }) => test.test(specifier));
  if (!owner || owner.rooms.includes(roomOf(file))) return [];
  return [`${file}: imports ${specifier}, which only src/${owner.rooms.join(", src/")} may`];
}

function importsOf(file: string): readonly { readonly specifier: string; readonly typeOnly: boolean }[] {
  const text = readFileSync(file, "utf8");
  const matches = text.matchAll(
    /^\s*(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']|import\(["']([^"']+)["']\)/gm,
  );
  return [...matches].map((match) => ({ specifier: match[2] ?? match[3] ?? "", typeOnly: match[1] !== undefined }));
}

function roomOf(file: string): string {
  return file.split("/")[1]?.replace(/\.js$/, ".ts") ?? "";
}

function layerOf(file: string): number {
  const path = file.slice("src/".length).replace(/\.js$/, ".ts");
  const named = (rooms: readonly string[], name: string): boolean => rooms.includes(name);
  const exact = LAYERS.findIndex(
    (rooms) => named(rooms, path) || rooms.some((room) => room.includes("/") && path.startsWith(`${room}/`)),
  );
  return exact >= 0 ? exact : LAYERS.findIndex((rooms) => named(rooms, roomOf(file)));
}
