import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync, readdirSync } from "node:fs";

/**
 * A process that can be distinguished from a later one with the same id. `started` is "" if the system does not provide
 * it.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Linux: clock ticks since boot. Elsewhere: the start time as `ps` prints it, without its punctuation. */
  readonly started: string;
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: look(process.pid)?.started ?? "" };
}

/** Whether that very process is running. A zombie, and another process with the same id, count as dead. */
export function isAlive(identity: ProcessIdentity): boolean {
  const found = look(identity.pid);
  return found !== undefined && !found.zombie && (identity.started === "" || found.started === identity.started);
}

/** The process with this id now: none, a zombie, or a running one. */
export function stateOf(pid: number): "gone" | "zombie" | "running" {
  const found = look(pid);
  if (!found) return "gone";
  return found.zombie ? "zombie" : "running";
}

/**
 * Whether that process is a PostgreSQL server of the directory. Only Linux shows the directory; elsewhere any running
 * process counts.
 */
export function isServerIn(pid: number, directory: string): boolean {
  if (process.platform !== "linux") return stateOf(pid) === "running";
  try {
    return (
      readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "postgres" && readlinkSync(`/proc/${pid}/cwd`) === directory
    );
  } catch {
    return false;
  }
}

/**
 * Whether any PostgreSQL process uses the directory: the backends of a killed server do for a while. Only Linux shows
 * it; elsewhere the answer is no.
 */
export function anyServerIn(directory: string): boolean {
  if (process.platform !== "linux") return false;
  return readdirSync("/proc").some((name) => /^\d+$/.test(name) && isServerIn(Number(name), directory));
}

function look(pid: number): { readonly started: string; readonly zombie: boolean } | undefined {
  if (process.platform === "linux") return checkInProc(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return undefined;
  }
  return process.platform === "win32" ? { started: "", zombie: false } : checkWithPs(pid);
}

function checkInProc(pid: number): ReturnType<typeof look> {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may contain spaces and parentheses; the fields after the last parenthesis are plain.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { started: fields[19] ?? "", zombie: fields[0] === "Z" || fields[0] === "X" };
  } catch {
    return undefined;
  }
}

function checkWithPs(pid: number): ReturnType<typeof look> {
  try {
    const line = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return { started: line.replace(/^\S+\s+/, "").replaceAll(/\W/g, ""), zombie: line.startsWith("Z") };
  } catch {
    return undefined;
  }
}
