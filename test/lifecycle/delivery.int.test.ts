import { beforeEach, describe, expect, it } from "vitest";
import { apply } from "../../simulator/organisation/apply.js";
import { drain } from "../../simulator/organisation/create.js";
import type { Organisation } from "../../simulator/organisation/organisation.js";
import { HANDLED_EVENTS } from "../../src/domain.js";
import { InvalidError } from "../../src/errors.js";
import { JOBS } from "../../src/jobs/registry.js";
import { registryOf } from "../../src/jobs/define-job.js";
import { processDelivery } from "../../src/process/process-delivery.js";
import { withDatabase } from "../support/database.js";
import { lifecycle, log, reason } from "./setting.js";

const { store } = await withDatabase();
const { begin, clock, deliver, deliverAll, later, rows } = lifecycle(store);
let organisation: Organisation;

beforeEach(async () => {
  ({ organisation } = await begin());
});

describe("a delivery", () => {
  const issue = () => {
    later(() => apply(organisation, "openIssue", { repository: "acme/one", title: "One" }));
    const [delivery] = drain(organisation);
    if (delivery === undefined) throw new Error("no delivery");
    return delivery;
  };

  it("of an event that is not handled is skipped with that reason", async () => {
    const star = await processDelivery(
      { store, jobs: registryOf(JOBS), clock, log },
      { guid: "star", name: "star", payload: { action: "created" }, token: null },
    );
    expect(star).toMatchObject({ status: "skipped" });
    expect(star?.outcome.reason).toBe(
      `not handled: star is not one of the ${HANDLED_EVENTS.length} events that the app handles`,
    );
  });

  it("with an unknown action stores its facts and requires no work", async () => {
    const { event, payload } = issue();
    const processed = await deliver({ event, payload: { ...payload, action: "frobnicated" } });
    expect(reason(processed)).toBe("not handled: the app does not handle issues with the action frobnicated");
    expect(await rows("issues")).toHaveLength(1);
  });

  it("whose event name does not match its payload is refused, and the field is named", async () => {
    const { payload } = issue();
    await expect(deliver({ event: "release", payload })).rejects.toThrow(
      new InvalidError("the payload does not belong to the event release: it has issue"),
    );
    const { issue: _, ...rest } = payload;
    await expect(deliver({ event: "issues", payload: rest })).rejects.toThrow(
      /not valid for the event issues: issue: /,
    );
    await expect(deliver({ event: "issues", payload: { ...payload, action: 5 } })).rejects.toThrow(/^action: /);
    expect(await rows("issues")).toEqual([]);
  });

  it("states that no agent is registered for it", async () => {
    expect(reason(await deliver(issue()))).toBe("issues.opened requires no work");
  });

  it("of a push that was delivered before is skipped as recorded", async () => {
    later(() => apply(organisation, "push", { repository: "acme/one" }));
    const [push] = drain(organisation).filter(({ event }) => event === "push");
    if (push === undefined) throw new Error("no delivery");
    expect((await deliver(push)).status).toBe("processed");
    expect(await deliver(push)).toMatchObject({
      status: "skipped",
      outcome: { reason: "already recorded: the same push was delivered before" },
    });
  });

  it("of a check run requires work only if it is the App's own and re-requested", async () => {
    const headSha = later(() => apply(organisation, "push", { repository: "acme/one" }));
    drain(organisation);
    const run = later(() =>
      apply(organisation, "createCheckRun", { repository: "acme/one", name: "review", headSha, by: "companyos[bot]" }),
    );
    later(() => apply(organisation, "rerequestCheckRun", { checkRun: run.id }));
    const [created, again] = await deliverAll();
    expect(reason(created)).toBe("only a re-requested check run requires work");
    expect(reason(again)).toBe("no agent is registered for check_run.rerequested");
    await store.sql.query("UPDATE installations SET app_id = 1");
    later(() => apply(organisation, "rerequestCheckRun", { checkRun: run.id }));
    const [other] = await deliverAll();
    expect(reason(other)).toBe("the check run belongs to another App");
  });

  it("of a revoked authorization belongs to no installation, and plans that the person is forgotten", async () => {
    later(() => apply(organisation, "revokeAuthorization", { by: "mona" }));
    const [revoked] = await deliverAll();
    expect(revoked).toMatchObject({
      status: "processed",
      outcome: { facts: [], jobs: [{ name: "revoke-user", status: "planned" }] },
    });
  });
});
