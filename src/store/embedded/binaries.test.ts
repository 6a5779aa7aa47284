import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findBinaries, linkLibraries } from "./binaries.js";
import { commandAs } from "./server-user.js";

it("finds programs that run", () => {
  const { initdb, pgCtl } = findBinaries();
  expect(spawnSync(initdb, ["--version"], { encoding: "utf8" }).stdout).toMatch(/^initdb \(PostgreSQL\) \d+/);
  expect(spawnSync(pgCtl, ["--version"], { encoding: "utf8" }).stdout).toMatch(/^pg_ctl \(PostgreSQL\) \d+/);
});

it("names the platform without a package, and the remedy", () => {
  expect(() => findBinaries("sunos", "sparc")).toThrow(
    /^DATABASE_URL is unset, and the package .+, the embedded PostgreSQL for sunos sparc, is not installed.*Set DATABASE_URL to a PostgreSQL 14/,
  );
});

it("makes the library links that a blocked install script left out, once", () => {
  const root = mkdtempSync(join(tmpdir(), "companyos-links-"));
  mkdirSync(join(root, "native/lib"), { recursive: true });
  writeFileSync(join(root, "native/lib/libpq.so.5.18"), "library");
  const links = [
    { source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" },
    { source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so" },
  ];
  writeFileSync(join(root, "native/pg-symlinks.json"), JSON.stringify(links));
  linkLibraries(root);
  linkLibraries(root);
  expect(readFileSync(join(root, "native/lib/libpq.so"), "utf8")).toBe("library");
  expect(readlinkSync(join(root, "native/lib/libpq.so.5"))).toBe("libpq.so.5.18");
  rmSync(root, { recursive: true });
});

it("runs a program as the current user, as another user, or in a user namespace", () => {
  expect(commandAs({ kind: "self" }, "pg_ctl", ["stop"])).toEqual({ file: "pg_ctl", args: ["stop"], ids: {} });
  const user = commandAs({ kind: "user", name: "postgres", uid: 101, gid: 104 }, "pg_ctl", ["stop"]);
  expect(user).toEqual({ file: "pg_ctl", args: ["stop"], ids: { uid: 101, gid: 104 } });
  expect(commandAs({ kind: "namespace", uid: 1000 }, "pg_ctl", ["stop"])).toEqual({
    file: "unshare",
    args: ["--user", "--map-user=1000", "--map-group=1000", "--", "pg_ctl", "stop"],
    ids: {},
  });
});
