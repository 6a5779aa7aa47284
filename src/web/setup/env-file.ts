import { randomBytes } from "node:crypto";
import { chmod, readFile, rename, rm, writeFile } from "node:fs/promises";
import { messageOf } from "../../errors.js";

export type Values = Readonly<Record<string, string>>;

/** Lines for `.env` that Node's `loadEnvFile` reads back unchanged. */
export function envLines(values: Values): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${/^[\w./:@+=-]*$/.test(value) ? value : `"${value.replaceAll("\n", "\\n")}"`}\n`)
    .join("");
}

/**
 * Adds values to a `.env` file that only its owner can read; replaces lines with the same names and keeps all others.
 * The file is written beside it and renamed, so that a crash keeps the old one.
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
