import { execFile } from "node:child_process";
import { startGitHub } from "../../simulator/start.js";
import type { Issue } from "../../simulator/organisation/conversation.js";
import type { Effect } from "../../src/effects/effect.js";
import { canonicalJson } from "../../src/effects/intent.js";
import { createEffectLedger } from "../../src/effects/ledger-writer.js";
import { undoRequest } from "../../src/jobs/undo.js";
import type { Store } from "../../src/store/store.js";
import { built } from "../support/built.js";
import { CONTEXT, gatewayTo, prepare } from "./setting.js";

export interface UndoFigures {
  readonly planted: number;
  readonly touched: number;
  readonly takenBack: number;
  /** Acts of people that are not as the person left them. */
  readonly lost: number;
  /** Effects of ours that still stand though no person touched them. */
  readonly standing: number;
  /** Labels that the app took off more than once, and rows of the ledger beyond one an effect. */
  readonly doubled: number;
  readonly kills: number;
}

const REPOSITORY = "acme/site";
const MUCH = 10_000_000;

/**
 * Plants effects through the ledger (six of ten labels, two comments, two reactions), lets a person touch some, and takes
 * all of it back in processes that are killed in turn after an intent and after a call.
 */
export async function runUndo(
  { store, url }: { readonly store: Store; readonly url: string },
  { effects: count, touched, kills }: { readonly effects: number; readonly touched: number; readonly kills: number },
): Promise<UndoFigures> {
  const limits = { contentPerMinute: MUCH, contentPerHour: MUCH, restPerHour: MUCH, restPointsPerMinute: MUCH };
  const github = await startGitHub({ limits: { limits } });
  try {
    const { control } = github;
    const setting = await prepare(github);
    const { installationId, repository } = setting;
    await store.sql.query(
      `INSERT INTO installations (id, account_login, account_type, updated_at, content_hash)
       VALUES ($1, 'acme', 'Organization', now(), '')`,
      [installationId],
    );
    await store.sql.query(
      `INSERT INTO repositories (id, installation_id, full_name, owner_login, name, updated_at, content_hash)
       VALUES ($1, $2, $3, 'acme', 'site', now(), '')`,
      [repository.id, installationId, REPOSITORY],
    );
    const writer = createEffectLedger({ store, github: gatewayTo(github) }).writer(installationId);
    const numbers: number[] = [];
    for (let index = 0; index < count; index += 1) {
      const { number = 0 } = await control.apply("openIssue", { repository: REPOSITORY, title: `Issue ${index}` });
      numbers.push(number);
      await writer.apply([planted(index, number, repository)], CONTEXT);
    }
    const { issues } = github.simulation.organisation.byName.get(REPOSITORY) ?? { issues: new Map<number, Issue>() };
    const people = numbers.filter((_, index) => index % 10 < 8).slice(0, touched);
    for (const number of people) {
      const on = { repository: REPOSITORY, number, by: "ann" };
      const comment = issues.get(number)?.comments[0];
      if (comment)
        await control.apply("editComment", { comment: comment.id, body: `${comment.body} Edited.`, by: "ann" });
      else {
        await control.apply("unlabel", { ...on, label: "bug" });
        await control.apply("label", { ...on, label: "bug" });
      }
    }
    const before = people.map((number) => stateOf(issues.get(number)));
    const until = new Date(Date.now() + 1_000).toISOString();
    const request = undoRequest.parse({ installationId: Number(installationId), until, by: "ann" });
    let killed = 0;
    for (let round = 0; round <= kills; round += 1) {
      const every = Math.max(1, Math.floor(count / (kills + 1)));
      const hook = round % 2 === 0 ? "afterCall" : "afterIntent";
      const killAt = round === kills ? null : { hook, count: Math.max(1, every - (round % 3)) };
      const { url: api, graphqlUrl, appId, privateKey } = github;
      const task = { databaseUrl: url, github: { url: api, graphqlUrl, appId, privateKey }, request, killAt };
      if ((await runProcess(canonicalJson(task))) === "SIGKILL") killed += 1;
    }
    const rows = await store.sql.query(
      "SELECT status, request->'of'->>0 AS intent FROM effects WHERE kind = 'undo' ORDER BY id",
    );
    const done = rows.filter(({ status }) => status === "done" || status === "adopted");
    const all = numbers.map((number) => issues.get(number));
    const own = new Set(people);
    return {
      planted: count,
      touched: people.length,
      takenBack: done.length,
      lost: people.filter((number, index) => stateOf(issues.get(number)) !== before[index]).length,
      standing: numbers.filter((number) => !own.has(number) && !isClean(issues.get(number))).length,
      doubled:
        rows.length -
        new Set(rows.map(({ intent }) => intent)).size +
        all.filter((issue) => unlabelledByUs(issue, github.simulation.organisation.app.bot.login) > 1).length,
      kills: killed,
    };
  } finally {
    await github.close();
  }
}

function planted(
  index: number,
  issue: number,
  repository: { readonly id: bigint; readonly owner: string; readonly name: string },
): Effect {
  const base = { repository, occasion: "planted", reason: "planted", issue };
  const place = index % 10;
  if (place < 6) return { kind: "labels", ...base, add: ["bug"], remove: [] };
  if (place < 8) return { kind: "comment", ...base, slot: "triage", body: `Text ${index}` };
  return { kind: "reaction", ...base, commentId: null, content: "eyes" };
}

function stateOf(issue: Issue | undefined): string {
  return JSON.stringify([issue?.labels.map(({ name }) => name), issue?.comments.map(({ body }) => body)]);
}

function isClean(issue: Issue | undefined): boolean {
  return issue !== undefined && issue.labels.length + issue.comments.length + issue.reactions.length === 0;
}

function unlabelledByUs(issue: Issue | undefined, login: string): number {
  return issue?.events.filter(({ event, actor }) => event === "unlabeled" && actor.login === login).length ?? 0;
}

/** How the process ended: the signal, or null. */
function runProcess(task: string): Promise<string | null> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [built("test/effects/undo-process.ts"), task], (error, _stdout, stderr) => {
      if (error && error.signal !== "SIGKILL") reject(new Error(stderr));
      else resolve(error?.signal ?? null);
    });
  });
}
