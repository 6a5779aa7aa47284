import { afterAll, describe, expect, test } from "vitest";
import { REPOSITORY } from "./setting.js";
import { triageSetting } from "./triage-setting.js";

const setting = await triageSetting({});
afterAll(() => setting.close());
const { github, settle, open, labels, ours, reasons, written } = setting;
const { control } = github;
await control.apply("createRepository", { repository: "acme/other" });

const FORM = `name: Bug
labels: [bug]
body:
  - type: input
    attributes: { label: Version }
    validations: { required: true }
  - type: textarea
    attributes: { label: "What happens @all" }
    validations: { required: true }
`;
const YAML = "triage: { waitMinutes: 0 }\n";
const INCOMPLETE = "### Version\n\n_No response_\n\n### What happens @all\n\n";

describe("questions, and issues that are not ordinary", { timeout: 240_000 }, () => {
  test("without history reports that it learned nothing, and writes nothing", async () => {
    const number = await open({ title: "It breaks", body: null });
    expect(await reasons(number)).toEqual([
      expect.stringContaining("no label has 40 examples by people yet (0 labelled issues)"),
    ]);
    expect(await written(number)).toBe(0);
  });

  test("asks once for the empty required fields of the form, and never again", async () => {
    await control.apply("createLabel", { repository: REPOSITORY, name: "bug" }).catch(() => undefined);
    await setting.configure(YAML, [
      { path: ".github/ISSUE_TEMPLATE/bug.yml", content: FORM },
      { path: ".github/ISSUE_TEMPLATE/broken.yml", content: "name: [" },
      { path: "SECURITY.md", content: "Write to us." },
    ]);
    const number = await open({ title: "Broken", body: INCOMPLETE });
    const [question] = await ours(number);
    expect(question).toContain("- `Version`\n- `What happens @all`");
    expect(await labels(number)).toEqual(["bug"]);
    expect((await reasons(number))[0]).toContain("broken.yml is not valid YAML");
    await control.apply("editIssue", { repository: REPOSITORY, number, body: `${INCOMPLETE}x`, by: "customer" });
    await control.apply("addComment", { repository: REPOSITORY, number, body: "/triage", by: "ann" });
    await settle();
    const after = await ours(number);
    expect(after.filter((body) => body.includes("The maintainers need"))).toHaveLength(1);
    expect((await reasons(number)).at(-1)).toContain("no comment: triage has already commented on this issue");
  });

  test.each([
    ["locked", (number: number) => control.apply("lockIssue", { repository: REPOSITORY, number, by: "ann" })],
    ["deleted", (number: number) => control.apply("deleteIssue", { repository: REPOSITORY, number, by: "ann" })],
    ["closed", (number: number) => control.apply("closeIssue", { repository: REPOSITORY, number, by: "ann" })],
    [
      "transferred",
      (number: number) =>
        control.apply("transferIssue", { repository: REPOSITORY, number, to: "acme/other", by: "ann" }),
    ],
  ])("writes nothing on an issue that was %s while it waited", async (_what, change) => {
    await setting.configure("triage: { waitMinutes: 0.05 }\n");
    const { number = 0 } = await control.apply("openIssue", {
      repository: REPOSITORY,
      title: "Broken",
      body: INCOMPLETE,
      by: "customer",
    });
    await change(number);
    await settle();
    expect(await written(number)).toBe(0);
    expect(await ours(number)).toEqual([]);
    await setting.configure(YAML);
  });

  test("judges issues of a deleted account, without a body, of 60,000 characters, and in a public fork", async () => {
    await control.apply("openIssue", { repository: REPOSITORY, title: "Left", body: INCOMPLETE, by: "leaver" });
    await control.apply("deleteAccount", { login: "leaver" });
    await settle();
    const long = await open({ title: "Long", body: "Word and @ann `code` <!-- x ".repeat(2_200) });
    const empty = await open({ title: "Empty", body: null });
    await control.apply("createRepository", { repository: "acme/forked", visibility: "public", fork: true });
    await settle();
    await control.apply("openIssue", { repository: "acme/forked", title: "In a fork", body: null, by: "customer" });
    await settle();
    for (const number of [long, empty]) expect((await reasons(number)).at(-1)).toContain("no label added");
    const rows = await setting.database.store.sql.query(
      "SELECT status FROM jobs WHERE name = 'triage' AND status = 'failed'",
    );
    expect(rows).toEqual([]);
  });

  test("a security report is pointed to the policy, and no word of it is repeated in public", async () => {
    const number = await open({ title: "XSS through quuxword", body: "Exploit: zorbpayload. It leaks all passwords." });
    const said = await ours(number);
    expect(said).toEqual([expect.stringContaining("../security/policy")]);
    const effects = await setting.database.store.sql.query(
      "SELECT request::text AS text FROM effects WHERE target LIKE $1",
      [`#${number}/%`],
    );
    for (const { text } of effects) expect(String(text)).not.toMatch(/quuxword|zorbpayload|passwords/);
  });

  test("two other bots that answer each of our acts cause no further one", async () => {
    const number = await open({ title: "Broken", body: INCOMPLETE });
    const before = await written(number);
    for (let round = 0; round < 5; round += 1)
      for (const by of ["stale[bot]", "helper[bot]"]) {
        await control.apply("addComment", { repository: REPOSITORY, number, body: "/triage @companyos please", by });
        await control.apply("label", { repository: REPOSITORY, number, label: `round ${round}`, by });
        await control.apply("unlabel", { repository: REPOSITORY, number, label: `round ${round}`, by });
        await settle();
      }
    expect(await written(number)).toBe(before);
    expect(await reasons(number)).toHaveLength(1);
  });

  test("asks nothing if a person answered first", async () => {
    await setting.configure("triage: { waitMinutes: 0.3 }\n");
    const { number = 0 } = await control.apply("openIssue", {
      repository: REPOSITORY,
      title: "B",
      body: INCOMPLETE,
      by: "customer",
    });
    await control.apply("addComment", { repository: REPOSITORY, number, body: "I look at it.", by: "ann" });
    await settle();
    expect(await ours(number)).toEqual([]);
    expect((await reasons(number)).at(-1)).toContain("no comment: a person has already answered");
    await setting.configure(YAML);
  });
});
