import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { packageFile } from "../package-file.js";

const Manifest = z.object({
  default_events: z.array(z.string()),
  default_permissions: z.record(z.string(), z.enum(["read", "write"])),
});
export type Manifest = z.infer<typeof Manifest>;

/** The permissions and events in `app.yml`. */
export function readManifest(): Manifest {
  return Manifest.parse(parse(readFileSync(packageFile("app.yml"), "utf8")));
}
