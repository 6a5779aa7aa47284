import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { id } from "../../src/facts/scalars.js";
import { AGENTS } from "../../src/runs/registry.js";
import { type Agent, defineAgent, ofRepository, trigger } from "../../src/runs/run.js";
import type { Command } from "../../src/runs/commands/command.js";
import type { Section } from "../../src/settings/section.js";
import { REPOSITORY, reviewSetting } from "./setting.js";

/** The smallest whole agent: it welcomes who opens an issue. `docs/agents.md` explains it part by part. */
const WELCOME: Section<{ text: string; ignore: string[] }> = {
  name: "welcome",
  about: "A word to those who open an issue",
  schema: z.strictObject({ text: z.string().max(500).default("Thanks!"), ignore: z.array(z.string()).default([]) }),
  example: "welcome:\n  text: Thanks for the report!\n",
};

const payload = ofRepository.extend({ number: z.int().positive() });
const Opened = z.object({ action: z.string(), repository: z.object({ id }), issue: z.object({ number: z.int() }) });
type Subject = { readonly repository: { id: bigint; owner: string; name: string }; number: number; author: string };

const welcomeCommand: Command = {
  name: "welcome",
  usage: "/welcome",
  does: "writes the welcome once more",
  role: "triage",
  on: "issue",
  run({ repository, number }) {
    const job = { name: "welcome", payload: { repositoryId: Number(repository.id), number, asked: true } };
    return Promise.resolve({ status: "later", reason: "a welcome was asked for", job });
  },
};

const agent: Agent<z.output<typeof payload>, Subject, z.output<typeof WELCOME.schema>> = {
  name: "welcome",
  section: WELCOME,
  job: "welcome",
  payload,
  triggers: [
    trigger("issues", Opened, ({ action, repository, issue: { number } }) =>
      action === "opened" ? { repositoryId: repository.id, number, asked: false } : null,
    ),
  ],
  commands: [welcomeCommand],
  reads: ["issues"],
  subject: ({ number }) => ({ name: `issue:${number}`, number }),
  async collect({ context, repository: { ref } }, { number }) {
    const [row] = await context.store.sql.query(
      "SELECT author_login FROM issues WHERE repository_id = $1 AND number = $2",
      [ref.id, number],
    );
    if (!row) return { status: "skipped", reason: `the issue #${number} is not stored` };
    return { subject: { repository: ref, number, author: String(row["author_login"]) }, headSha: null };
  },
  decide({ repository, number, author }, { text, ignore }) {
    if (ignore.includes(author))
      return Promise.resolve({ reason: `${author} is ignored`, effects: [], skipped: "ignored" });
    const base = { repository, occasion: "opened", reason: "an issue was opened" };
    const comment = { kind: "comment" as const, ...base, issue: number, slot: "welcome", body: text };
    return Promise.resolve({ reason: `welcomed ${author}`, effects: [comment] });
  },
  stillHolds: async ({ repositoryId, number }, { sql }) => {
    const where = "repository_id = $1 AND number = $2 AND state = 'open'";
    const open = await sql.query(`SELECT FROM issues WHERE ${where}`, [repositoryId, number]);
    return open.length > 0 ? null : "the issue was closed";
  },
};

let deaths = 0;
const setting = await reviewSetting({
  agents: [...AGENTS, defineAgent(agent)],
  hooks: {
    afterIntent() {
      if (deaths-- > 0) throw new Error("the process ends here");
    },
  },
});
afterAll(() => setting.close());
const { control } = setting.github;
const { sql } = setting.database.store;

async function open(by = "octocat"): Promise<number> {
  const { number = 0 } = await control.apply("openIssue", { repository: REPOSITORY, title: "Broken", by });
  await setting.settle();
  return number;
}

async function settings(content: string): Promise<void> {
  const commits = [{ message: "Settings", files: [{ path: ".github/companyos.yml", content }] }];
  await control.apply("push", { repository: REPOSITORY, commits });
  await setting.settle();
}

async function say(number: number, by: string, body: string): Promise<void> {
  await control.apply("addComment", { repository: REPOSITORY, number, body, by });
  await setting.settle();
}

const ours = async (number: number) => {
  const { comments } = await control.run("dump", {});
  const on = comments.filter((comment) => comment.number === number && comment.author === "companyos[bot]");
  return on.map(({ body }) => body.split("\n\n<!--")[0]);
};
const runs = (number: number) =>
  sql.query(
    "SELECT subject, head_sha, status, skipped, shadow, reason, trigger FROM agent_runs WHERE number = $1 ORDER BY id",
    [number],
  );

describe("an agent that is one line in the registry", { timeout: 120_000 }, () => {
  test("runs on its own delivery, by its own section of the settings", async () => {
    await settings("welcome: { text: Hello there, ignore: [hubot] }\n");
    const number = await open();
    expect(await ours(number)).toEqual(["Hello there"]);
    expect(await runs(number)).toEqual([
      {
        subject: `issue:${number}`,
        head_sha: null,
        status: "done",
        skipped: null,
        shadow: false,
        reason: "welcomed octocat",
        trigger: "issue",
      },
    ]);
    expect(await ours(await open("hubot"))).toEqual([]);
  });

  test("a setting that it does not know is a problem, and the last good settings hold", async () => {
    await settings("welcome: { txt: Hi }\n");
    expect(await ours(await open())).toEqual(["Hello there"]);
    const [kept] = await sql.query("SELECT problems FROM repository_settings");
    expect(JSON.stringify(kept)).toContain("did you mean `text`?");
    await settings("welcome: { text: Hello there }\n");
  });

  test("answers its command when its run ends, and refuses it without the role", async () => {
    const number = await open();
    await say(number, "ann", "/welcome");
    expect(await ours(number)).toEqual(["Hello there", "welcomed octocat"]);
    await say(number, "bob", "/welcome");
    expect((await ours(number)).at(-1)).toContain("needs the role triage");
    expect((await runs(number)).map(({ trigger }) => trigger)).toEqual(["issue", "command"]);
  });

  test("a crash between the decision and the effect: one comment, one run", async () => {
    deaths = 1;
    const number = await open();
    expect(await ours(number)).toEqual(["Hello there"]);
    expect(await runs(number)).toMatchObject([{ status: "done", reason: "welcomed octocat" }]);
  });

  test("shadow mode writes nothing, so nothing needs undoing", async () => {
    await settings("shadow: true\n");
    const number = await open();
    expect(await ours(number)).toEqual([]);
    expect(await runs(number)).toMatchObject([{ status: "done", shadow: true }]);
    const written = await sql.query("SELECT FROM effects WHERE target LIKE $1", [`#${number}/%`]);
    expect(written).toEqual([]);
  });
});
