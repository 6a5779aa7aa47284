import { randomBytes } from "node:crypto";
import { chmod, readFile, rename, rm, writeFile } from "node:fs/promises";
import { messageOf } from "../../errors.js";

export type Values = Readonly<Record<string, string>>;

/** Lines for `.env`: what Node's `loadEnvFile` reads back as it was. */
export function envLines(values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${/^[\w./:@+=-]*$/.test(value) ? value : `"${value.replaceAll("\n", "\\n")}"`}\n`)
    .join("");
}

/**
 * Adds values to a `.env` that only its owner may read; lines of the same names are replaced, all others stay. The file is
 * written beside and renamed: a crash leaves the old one.
 * @returns null, or why the file cannot be written.
 */
export async function addToEnvFile(path: string, values: Values): Promise<string | null> {
  const beside = `${path}.${randomBytes(4).toString("hex")}`;
  try {
    const before = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    });
    const kept = before.split("\n").filter((line) => !Object.hasOwn(values, line.split("=", 1)[0]?.trim() ?? ""));
    const text = `${kept.join("\n").trimEnd()}\n${envLines(values)}`.trimStart();
    await writeFile(beside, text, { mode: 0o600, flag: "wx" });
    await chmod(beside, 0o600);
    await rename(beside, path);
    return null;
  } catch (error) {
    await rm(beside, { force: true }).catch(() => undefined);
    return messageOf(error);
  }
}
