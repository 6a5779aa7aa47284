import { afterAll, describe, expect, test } from "vitest";
import { REPOSITORY } from "./setting.js";
import { triageSetting } from "./triage-setting.js";

const setting = await triageSetting({});
afterAll(() => setting.close());
const { github, settle, open, labels, ours, reasons, written } = setting;
const { control } = github;

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
