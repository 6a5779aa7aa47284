import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive, ownIdentity, type ProcessIdentity } from "./processes.js";

/** A file that represents a live process. Its name holds all data, so that it is written atomically. */
export interface Entry {
  readonly number: number;
  readonly id: string;
  readonly name: string;
}

/** Writes an entry of this process: `<kind>-<number>-<pid>-<started>-<id>`. */
export function addEntry(directory: string, kind: string, number: number, id: string): string {
  const self = ownIdentity();
  const path = join(directory, `${kind}-${number}-${self.pid}-${self.started}-${id}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(path, "", { flag: "wx", mode: 0o600 });
  return path;
}

/** The entries of one kind whose process is running. Entries of dead processes are deleted. */
export function liveEntries(directory: string, kind: string): readonly Entry[] {
  return readdirSync(directory).flatMap((name) => {
    const parsed = parse(name);
    if (!parsed || parsed.kind !== kind) return [];
    if (isAlive(parsed.owner)) return [{ number: parsed.number, id: parsed.id, name }];
    rmSync(join(directory, name), { force: true });
    return [];
  });
}

function parse(
  name: string,
):
  | { readonly kind: string; readonly number: number; readonly owner: ProcessIdentity; readonly id: string }
  | undefined {
  const [kind, number, pid, started, id] = name.split("-");
  if (kind === undefined || number === undefined || pid === undefined || started === undefined || id === undefined)
    return undefined;
  return { kind, number: Number(number), owner: { pid: Number(pid), started }, id };
}
