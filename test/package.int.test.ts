import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { withDatabase } from "./support/database.js";

const database = await withDatabase({ migrated: false });

/** Without the installation of its packages, which needs a registry: they are those of this folder. */
test("the package has what it runs on and no tests; its program migrates an empty database", () => {
  const folder = mkdtempSync(join(tmpdir(), "companyos-package-"));
  try {
    const run = (command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}) => {
      const { status, stdout, stderr } = spawnSync(command, args, {
        cwd,
        encoding: "utf8",
        env: { ...process.env, ...env },
      });
      expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
      return stdout;
    };
    run("npm", ["pack", "--pack-destination", folder, "--silent"], ".");
    const [tarball = ""] = readdirSync(folder);
    expect(tarball).toMatch(/^companyos-github-\d+\.\d+\.\d+\.tgz$/);
    run("tar", ["xzf", tarball], folder);
    const root = join(folder, "package");
    const files = readdirSync(root, { recursive: true, encoding: "utf8" });
    for (const needed of ["dist/cli.js", "dist/web/assets/app.js", "app.yml", "prisma/schema.prisma", "LICENSE"])
      expect(files).toContain(needed);
    expect(files.filter((file) => /\.test\.|\.env|\.pem$|^(src|test|node_modules)\b/.test(file))).toEqual([]);
    symlinkSync(resolve("node_modules"), join(root, "node_modules"));
    const elsewhere = join(folder, "elsewhere");
    mkdirSync(elsewhere);
    const program = join(root, "dist/cli.js");
    expect(run(process.execPath, [program, "--version"], elsewhere)).toMatch(/^\d+\.\d+\.\d+\n$/);
    run(process.execPath, [program, "migrate"], elsewhere, { DATABASE_URL: database.url });
    expect(run(process.execPath, [program, "events"], elsewhere, { DATABASE_URL: database.url })).toContain(
      "deliveries",
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
