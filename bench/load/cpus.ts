import { spawnSync } from "node:child_process";

/** How the processes of a bench share this machine. */
export interface Cpus {
  /** For the report. */
  readonly said: string;
  /** The main thread of a server under test stays on its CPU; its helper threads, which it waits for, go anywhere. */
  giveServer(pid: number): void;
}

/**
 * One CPU for the servers under test, of which one works at a time; this process and all that it starts from now on take
 * the others. Where everything may run everywhere, a kernel with few CPUs puts the load generator or the database beside
 * the server for tenths of a second while another CPU is idle, and that is what a p99 would show.
 */
export function shareCpus(): Cpus {
  const [first, ...others] = allowedCpus();
  if (first === undefined || others.length === 0)
    return { said: "shared by all: two CPUs and taskset (util-linux) are needed to part them", giveServer: () => {} };
  taskset("-acp", others.join(","), process.pid);
  return {
    said: `${first}: the server's main thread; ${others.join(",")}: load generator, PostgreSQL, Redis`,
    giveServer(pid) {
      taskset("-acp", [first, ...others].join(","), pid);
      taskset("-cp", String(first), pid);
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

function taskset(option: string, cpus: string, pid: number): void {
  const { status, stderr } = spawnSync("taskset", [option, cpus, String(pid)], { encoding: "utf8" });
  if (status !== 0) throw new Error(`taskset ${option} ${cpus} ${pid}: ${stderr}`);
}
