import { stripVTControlCharacters } from "node:util";
import type { SyncReport } from "../sync/report.js";
import { colours } from "./output.js";

const WIDTH = 24;

/** The output of the progress: a terminal is redrawn; other outputs get a line for each change. */
export interface Screen {
  readonly isTTY?: boolean;
  /** The width of the terminal. A wrapped line would be redrawn only partly. */
  readonly columns?: number;
  write(text: string): unknown;
}

/** Redraws the runs in the same place. */
export function drawProgress(screen: Screen): (reports: readonly SyncReport[]) => void {
  let drawn = "";
  return (reports) => {
    const lines = reports.flatMap(linesOf);
    const text = `${(screen.isTTY ? lines.map((line) => cut(line, screen.columns)) : lines).join("\n")}\n`;
    if (text === drawn) return;
    const up = screen.isTTY && drawn !== "" ? `\u001b[${drawn.split("\n").length - 1}A\u001b[0J` : "";
    screen.write(`${up}${text}`);
    drawn = text;
  };
}

/** A line that is too long loses its end and its colours. */
function cut(line: string, columns = Number.POSITIVE_INFINITY): string {
  const bare = stripVTControlCharacters(line);
  return bare.length <= columns ? line : `${bare.slice(0, Math.max(0, columns - 1))}…`;
}

/** A run as lines: its name, a bar for each entity, its cost, and what could not be read. */
export function linesOf(report: SyncReport): string[] {
  const about = report.subject ?? `installation ${report.installationId}`;
  const { entities } = report;
  return [
    `${colours.bold(`sync ${report.id}`)} ${report.mode} of ${about}: ${stateOf(report)}`,
    ...entities.map(({ entity, rows, total, unknown, repositories, done }) => {
      const share = total === 0 || unknown > 0 ? done / Math.max(1, repositories) : rows / total;
      const of = unknown > 0 ? "rows" : `of ${total} rows`;
      return `  ${entity.padEnd(16)} ${bar(share)} ${String(rows).padStart(7)} ${of.padEnd(15)} ${done} of ${repositories} lists`;
    }),
    `  ${report.pages} pages, ${report.rowsWritten} rows written, ${report.rowsUnchanged} unchanged, ${report.points} points, ${report.requests} requests${eta(report)}`,
    ...report.warnings.map(({ repository, entity, reason }) => colours.yellow(`  ${repository} ${entity}: ${reason}`)),
  ];
}

function stateOf(report: SyncReport): string {
  if (report.status === "paused")
    return colours.yellow(`PAUSED until ${report.resumesAt ?? "later"} (${report.reason ?? ""})`);
  if (report.status === "failed") return colours.red(`failed: ${report.reason ?? ""}`);
  const reason = report.reason === null ? "" : `: ${report.reason}`;
  return `${report.status}${report.finishedAt === null ? "" : ` in ${duration(report.workedMs)}`}${reason}`;
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, share) * WIDTH);
  return `[${"#".repeat(full)}${"-".repeat(WIDTH - full)}]`;
}

function eta({ etaMs }: SyncReport): string {
  return etaMs === null ? "" : `, about ${duration(etaMs)} to go`;
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
