import { afterAll, expect } from "vitest";
import { startGitHub } from "../../simulator/start.js";
import type { Effect } from "../../src/effects/effect.js";
import { createEffectLedger, type LedgerHooks } from "../../src/effects/ledger-writer.js";
import type { EffectWriter } from "../../src/effects/writer.js";
import type { Store } from "../../src/store/store.js";
import { CONTEXT, effectsOf, gatewayTo, prepare, visible } from "./setting.js";

/** A ledger over a simulated GitHub, for a whole file; `begin` before each of its tests. */
export async function startLedger(store: Store) {
  const github = await startGitHub({ limits: { limits: { contentPerMinute: 1_000 } } });
  afterAll(() => github.close());
  let installationId = 0n;

  /** Nothing is written, nor was; the App is installed anew on an organisation of one repository. */
  async function begin() {
    await store.sql.query("TRUNCATE effects, app_settings, installations, repositories, jobs");
    await github.control.run("faults", {});
    const { organisation } = github.simulation;
    for (const { id } of organisation.installations.values())
      await github.control.apply("uninstall", { installation: id });
    if (organisation.byName.has("acme/site"))
      await github.control.apply("deleteRepository", { repository: "acme/site" });
    const setting = await prepare(github);
    ({ installationId } = setting);
    await store.prisma.installation.create({
      data: {
        id: installationId,
        account_login: "acme",
        account_type: "Organization",
        updated_at: new Date(),
        content_hash: "",
      },
    });
    await github.control.run("clearCalls", {});
    return { setting, effects: effectsOf(setting) };
  }

  /** A writer as a process that has just started has it. */
  function writer(hooks: LedgerHooks = {}, on = store): EffectWriter {
    return createEffectLedger({ store: on, github: gatewayTo(github), hooks }).writer(installationId);
  }

  const apply = (list: readonly Effect[], by: EffectWriter = writer()) => by.apply(list, CONTEXT);

  const dropAnswer = (match: string, times = 1) =>
    github.control.run("faults", { planned: [{ match, kind: "drop-answer", times }] });

  async function writes(): Promise<number> {
    const calls = await github.control.run("calls", {});
    return calls.filter((call) => call.method !== "GET" && !call.path.includes("access_tokens")).length;
  }

  async function rows() {
    return store.prisma.effect.findMany({ orderBy: { id: "asc" } });
  }

  const once = {
    comment: () => visible(github).comments.length,
    review: () => visible(github).reviews,
    "check-run": () => visible(github).checkRuns.length,
    issue: () => visible(github).issues.length,
    reaction: () => visible(github).reactions,
    labels: () => visible(github).labels.length / 2,
    "request-reviewers": () => visible(github).reviewers.length,
    deployment: () => visible(github).deployments,
  };

  return { github, begin, writer, apply, dropAnswer, writes, rows, once };
}

export async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => expect.fail("nothing was thrown"),
    (error: unknown) => error,
  );
}

export const WRITES = {
  comment: "POST /repos/acme/site/issues/1/comments",
  review: "POST /repos/acme/site/pulls/2/reviews",
  "check-run": "POST /repos/acme/site/check-runs",
  issue: "POST /repos/acme/site/issues",
  reaction: "POST /repos/acme/site/issues/1/reactions",
  labels: "POST /repos/acme/site/issues/1/labels",
  "request-reviewers": "POST /repos/acme/site/pulls/2/requested_reviewers",
  deployment: "POST /repos/acme/site/deployments",
};
