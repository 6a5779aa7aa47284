import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { packageFile } from "../../../package-file.js";

/** A digest of the inspecting code and its dependencies, so that no version number must be maintained by hand. */
export function versionOfInspection(): string {
  const hash = createHash("sha256");
  const folder = fileURLToPath(new URL("../", import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => /(?<!\.d|\.test)\.[jt]s$/.test(name)).toSorted())
    hash.update(`${file}\n`).update(readFileSync(`${folder}${file}`));
  return hash.update(readFileSync(packageFile("package.json"))).digest("hex");
}
