import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { parseJson } from "./unchecked.js";

/** The folder of package.json. This module runs from src/, dist/ or .build/src/. */
function packageRoot(folder = dirname(fileURLToPath(import.meta.url))): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error("the app's package.json is missing; install the app again");
  return packageRoot(parent);
}

const ROOT = packageRoot();

/** The absolute path of a file that ships with the package, such as `app.yml`. */
export function packageFile(path: string): string {
  return join(ROOT, path);
}

/** The version in package.json. */
export function packageVersion(): string {
  const { version } = z
    .object({ version: z.string() })
    .parse(parseJson(readFileSync(packageFile("package.json"), "utf8")));
  return version;
}
