import { afterAll, expect, test } from "vitest";
import { REPOSITORY, reviewSetting } from "./setting.js";

const setting = await reviewSetting();
afterAll(() => setting.close());
const { control } = setting.github;

const lock = (packages: Readonly<Record<string, string>>) => ({
  path: "package-lock.json",
  content: `{
  "packages": {
${Object.entries(packages)
  .map(([name, version]) => `    "node_modules/${name}": {\n      "version": "${version}"\n    }`)
  .join(",\n")}
  }
}
`,
});

async function open(packages: Readonly<Record<string, string>>): Promise<number> {
  const commits = [{ message: "Update", files: [lock(packages)] }];
  const { number = 0 } = await control.apply("openPull", { repository: REPOSITORY, title: "Update", commits });
  await setting.settle();
  return number;
}

async function asked(): Promise<number> {
  const { calls } = await control.run("counters", {});
  return Object.entries(calls).reduce((sum, [name, count]) => (name.includes("/advisories") ? sum + count : sum), 0);
}

test("new versions with a known fault are reported at their line, malware fails", { timeout: 60_000 }, async () => {
  const reviewed = { type: "reviewed", ecosystem: "npm" } as const;
  await control.apply("publishAdvisory", {
    ...reviewed,
    ghsa: "GHSA-aaaa-aaaa-aaaa",
    severity: "high",
    name: "lodash",
    range: "< 4.17.21",
    fixed: "4.17.21",
  });
  await control.apply("publishAdvisory", {
    ...reviewed,
    ghsa: "GHSA-bbbb-bbbb-bbbb",
    severity: "low",
    name: "ms",
    range: "< 3.0.0",
    fixed: "3.0.0",
  });
  await control.apply("publishAdvisory", {
    ghsa: "GHSA-cccc-cccc-cccc",
    type: "malware",
    ecosystem: "npm",
    severity: "critical",
    name: "bad",
    range: "= 1.0.0",
    fixed: null,
  });
  const number = await open({ lodash: "4.17.20", ms: "2.0.0", bad: "1.0.0" });
  expect(setting.visible(number).checks).toMatchObject([
    {
      conclusion: "failure",
      annotations: [
        "package-lock.json:10 failure malicious-dependency",
        "package-lock.json:4 warning vulnerable-dependency",
      ],
    },
  ]);
  expect(setting.visible(number).comments).toMatchObject([
    { rule: "malicious-dependency" },
    { rule: "vulnerable-dependency" },
  ]);
  const [, comment] = setting.pull(number).threads;
  expect(comment?.comments[0]?.body).toContain(
    "`lodash 4.17.20` has a vulnerability of severity `high` (`GHSA-aaaa-aaaa-aaaa`); `4.17.21` fixes it.",
  );
});

test("a version that was compared is not asked about again", { timeout: 60_000 }, async () => {
  const before = await asked();
  expect(before).toBeGreaterThan(0);
  const number = await open({ lodash: "4.17.20" });
  expect(setting.visible(number).checks).toMatchObject([{ conclusion: "neutral" }]);
  expect(await asked()).toBe(before);
});

test("an outage of the advisories is named, and the review is complete without them", { timeout: 60_000 }, async () => {
  await control.run("faults", { planned: [{ match: "GET /advisories", kind: "status", status: 500, times: 100 }] });
  const number = await open({ other: "1.0.0" });
  await control.run("faults", {});
  expect(setting.visible(number).checks).toMatchObject([{ conclusion: "neutral", annotations: [] }]);
  const pull = setting.pull(number);
  expect(pull.repository.checkRuns.get(pull.headSha)?.at(-1)?.summary).toContain("advisories could not be read");
});

test("rules that are off ask for nothing", { timeout: 60_000 }, async () => {
  const content = "review:\n  rules:\n    malicious-dependency: off\n    vulnerable-dependency: off\n";
  const files = [{ path: ".github/companyos.yml", content }];
  await control.apply("push", { repository: REPOSITORY, commits: [{ message: "Settings", files }] });
  const before = await asked();
  await open({ another: "1.0.0" });
  expect(await asked()).toBe(before);
});
