import { spawnSync } from "node:child_process";
import { setFlagsFromString } from "node:v8";

/** How the processes of a bench share this machine. */
export interface Cpus {
  /** For the report. */
  readonly said: string;
  /** The main thread of a server under test stays on its CPU; its helper threads, which it waits for, go anywhere. */
  giveServer(pid: number): void;
  /** Lets this process, and what it starts from now on, run everywhere again. */
  release(): void;
}

/**
 * One CPU for the servers under test, of which one works at a time; this process and all that it starts from now on take
 * the others. Where everything may run everywhere, a kernel with few CPUs puts the load generator or the database beside
 * the server for tenths of a second while another CPU is idle, and that is what a p99 would show.
 */
export function shareCpus(): Cpus {
  const all = allowedCpus();
  // The last: interrupts go to the first.
  const [own, others] = [all.slice(-1).join(), all.slice(0, -1).join()];
  if (others === "" || !taskset("-acp", others, process.pid).ok)
    return {
      said: "shared by all: to keep them apart, taskset (util-linux) and two CPUs are needed",
      giveServer: () => {},
      release: () => {},
    };
  // This process waits; the collections that V8 makes of such time would be in the way of PostgreSQL.
  setFlagsFromString("--no-memory-reducer");
  return {
    said: `${own}: the server's main thread; ${others}: load generator, PostgreSQL, Redis`,
    giveServer(pid) {
      // Threads that it starts later stay with its main thread; V8's and libuv's are there when it listens.
      assertSet(taskset("-acp", all.join(), pid));
      assertSet(taskset("-cp", own, pid));
    },
    release() {
      setFlagsFromString("--memory-reducer");
      assertSet(taskset("-acp", all.join(), process.pid));
    },
  };
}

/** Numbers of the CPUs that this process may use; none where nothing can be said. */
function allowedCpus(): readonly number[] {
  const { status, stdout } = spawnSync("taskset", ["-cp", String(process.pid)], { encoding: "utf8" });
  if (status !== 0) return [];
  return (stdout.split(":").at(-1)?.trim() ?? "").split(",").flatMap((range) => {
    const [from = Number.NaN, to = from] = range.split("-").map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

function taskset(option: string, cpus: string, pid: number): { readonly ok: boolean; readonly said: string } {
  const { status, stderr } = spawnSync("taskset", [option, cpus, String(pid)], { encoding: "utf8" });
  return { ok: status === 0, said: `taskset ${option} ${cpus} ${pid}: ${stderr}` };
}

function assertSet({ ok, said }: ReturnType<typeof taskset>): void {
  if (!ok) throw new Error(said);
}
