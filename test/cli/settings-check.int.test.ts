import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { parseJson } from "../../src/unchecked.js";
import { cli } from "../support/cli.js";

const folder = mkdtempSync(join(tmpdir(), "companyos-settings-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test("settings check names every problem by line and column, and exits 1", async () => {
  const broken =
    "review:\n  rules: { secret: off, debuger-statement: off }\n  customRules:\n    bad: { message: x, languages: [go], rule: { kind: no_kind } }\n";
  const path = file("broken.yml", broken.replace(", debuger-statement: off", ""));
  const { code, stdout } = await cli(["settings", "check", path]);
  expect([code, stdout]).toEqual([
    1,
    `${path}:4:5: review.customRules.bad the go parser rejects this pattern or rule\n\n1 problem. Until you fix it, the last valid settings apply.\n`,
  ]);
  const unknown = await cli(["settings", "check", file("unknown.yml", broken)]);
  expect(unknown.code).toBe(1);
  expect(unknown.stdout).toContain(
    "unknown.yml:2:25: review.rules.debuger-statement unknown setting `debuger-statement`; did you mean `debugger-statement`?",
  );
});

test("settings check shows what each rule is set to and by which file, and exits 0", async () => {
  const organisation = file("organisation.yml", "review:\n  rules: { secret: warning, debugger-statement: failure }\n");
  const own = file("own.yml", "review:\n  rules: { debugger-statement: notice, custom/gone: off }\n");
  const { code, stdout } = await cli(["settings", "check", own, "--organisation", organisation]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^No problems\.$/m);
  expect(stdout).toMatch(/secret +│ +│ warning +│ organisation/);
  expect(stdout).toMatch(/debugger-statement +│ +│ notice +│ file/);
  expect(stdout).toMatch(/skipped-test +│ +│ \w+ +│ default/);
  expect(stdout).toMatch(/custom\/gone .*no rule has this name/);
  const json = await cli(["settings", "check", own, "--json"]);
  const { rules } = z.object({ rules: z.array(z.record(z.string(), z.unknown())) }).parse(parseJson(json.stdout));
  expect(rules).toContainEqual({ rule: "secret", paths: [], level: "failure", setBy: "default", effect: "rule" });
});

test("settings check without a readable file exits 64", async () => {
  const { code, stderr } = await cli(["settings", "check", join(folder, "missing.yml")]);
  expect([code, stderr]).toEqual([64, expect.stringContaining("missing.yml (ENOENT)")]);
});
