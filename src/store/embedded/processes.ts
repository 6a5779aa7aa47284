import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync, readdirSync } from "node:fs";

/** A process that can be told from a later one with the same id. `started` is "" where the system does not say. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Linux: clock ticks since boot. Elsewhere: the start time as `ps` writes it, without its punctuation. */
  readonly started: string;
}

/** Who this process is, as other processes see it. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: look(process.pid)?.started ?? "" };
}

/** Whether that very process runs. A zombie, and another process that got the same id, count as dead. */
export function isAlive(identity: ProcessIdentity): boolean {
  const found = look(identity.pid);
  return found !== undefined && !found.zombie && (identity.started === "" || found.started === identity.started);
}

/** What a process id stands for now: nothing, a zombie, or something that runs. */
export function stateOf(pid: number): "gone" | "zombie" | "running" {
  const found = look(pid);
  if (!found) return "gone";
  return found.zombie ? "zombie" : "running";
}

/**
 * Whether that process is a PostgreSQL at work in the directory. Only Linux tells which directory; elsewhere whatever
 * runs is taken for one.
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
 * Whether any PostgreSQL works in the directory: the backends of a killed one do, until they notice. Only Linux tells;
 * elsewhere the answer is no.
 */
export function anyServerIn(directory: string): boolean {
  if (process.platform !== "linux") return false;
  return readdirSync("/proc").some((name) => /^\d+$/.test(name) && isServerIn(Number(name), directory));
}

function look(pid: number): { readonly started: string; readonly zombie: boolean } | undefined {
  if (process.platform === "linux") return lookInProc(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return undefined;
  }
  return process.platform === "win32" ? { started: "", zombie: false } : lookWithPs(pid);
}

function lookInProc(pid: number): ReturnType<typeof look> {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces and parentheses itself; the fields after the last one are plain.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { started: fields[19] ?? "", zombie: fields[0] === "Z" || fields[0] === "X" };
  } catch {
    return undefined;
  }
}

function lookWithPs(pid: number): ReturnType<typeof look> {
  try {
    const line = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return { started: line.replace(/^\S+\s+/, "").replaceAll(/\W/g, ""), zombie: line.startsWith("Z") };
  } catch {
    return undefined;
  }
}
