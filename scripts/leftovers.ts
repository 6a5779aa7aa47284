import { readdirSync, readFileSync, readlinkSync } from "node:fs";

export interface Leftover {
  readonly pid: number;
  readonly command: string;
}

/**
 * Processes that a run has left: they carry the run's mark in their environment, or work in its temporary folder, as
 * PostgreSQL does, which is started with an environment of its own. Linux only.
 */
export function leftovers(mark: string, folder: string): readonly Leftover[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const ours = read(`/proc/${name}/environ`).split("\0").includes(mark) || isBelow(folder, cwdOf(name));
      // A zombie has no command line any more: it waits for nothing but its parent.
      const command = read(`/proc/${name}/cmdline`).replaceAll("\0", " ").trim();
      return ours && command !== "" ? [{ pid: Number(name), command }] : [];
    });
}

function isBelow(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function cwdOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}

/** Empty for a process that ended meanwhile or is another user's. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
