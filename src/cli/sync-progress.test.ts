import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { SyncReport } from "../sync/report.js";
import { drawProgress, linesOf } from "./sync-progress.js";

const running: SyncReport = {
  id: "7",
  installationId: "42",
  mode: "full",
  subject: null,
  requestedBy: "a test",
  status: "running",
  reason: null,
  startedAt: "2026-01-01T00:00:00.000Z",
  finishedAt: null,
  resumesAt: null,
  workedMs: 60_000,
  etaMs: 125_000,
  pages: 12,
  rowsWritten: 900,
  rowsUnchanged: 3,
  points: 55,
  requests: 20,
  entities: [
    { entity: "issues", repositories: 4, done: 2, failed: 0, rows: 50, total: 100, unknown: 0 },
    { entity: "releases", repositories: 4, done: 4, failed: 0, rows: 0, total: 0, unknown: 0 },
  ],
  warnings: [],
};

const plain = (report: SyncReport): string => stripVTControlCharacters(linesOf(report).join("\n"));

describe("the progress of a sync", () => {
  it("shows a bar for each entity, the cost, and the remaining time", () => {
    expect(plain(running)).toBe(
      [
        "sync 7 full of installation 42: running",
        "  issues           [############------------]      50 of 100 rows     2 of 4 lists",
        "  releases         [########################]       0 of 0 rows       4 of 4 lists",
        "  12 pages, 900 rows written, 3 unchanged, 55 points, 20 requests, about 2 min 5 s to go",
      ].join("\n"),
    );
  });

  it("gives no total while the length of a list is not known", () => {
    const entities = [{ entity: "commits", repositories: 4, done: 1, failed: 0, rows: 300, total: 300, unknown: 3 }];
    expect(plain({ ...running, entities })).toContain(
      "[######------------------]     300 rows            1 of 4 lists",
    );
  });

  it("shows why and until when it is paused", () => {
    const paused: SyncReport = {
      ...running,
      status: "paused",
      resumesAt: "2026-01-01T01:00:00.000Z",
      reason: "The GraphQL rate limit is used up",
    };
    expect(plain(paused)).toContain("PAUSED until 2026-01-01T01:00:00.000Z (The GraphQL rate limit is used up)");
  });

  it("shows the reason of its end", () => {
    const reason = "a full sync must run first";
    const ended: SyncReport = { ...running, status: "cancelled", finishedAt: "x", etaMs: null, reason };
    expect(plain(ended)).toContain(`cancelled in 1 min 0 s: ${reason}`);
  });

  it("names lists that could not be read", () => {
    const warnings = [{ repository: "acme/shop", entity: "issues", reason: "GitHub answered 451" }];
    const ended: SyncReport = { ...running, status: "completed-with-warnings", finishedAt: "x", etaMs: null, warnings };
    expect(plain(ended)).toContain("completed-with-warnings in 1 min 0 s");
    expect(plain(ended)).toContain("acme/shop issues: GitHub answered 451");
  });

  it("draws over itself on a terminal, and only when something changed", () => {
    const written: string[] = [];
    const draw = drawProgress({ isTTY: true, write: (text) => written.push(text) });
    draw([running]);
    draw([running]);
    draw([{ ...running, pages: 13 }]);
    expect(written).toHaveLength(2);
    expect(written[1]?.startsWith("\u001b[4A")).toBe(true);
  });
});
