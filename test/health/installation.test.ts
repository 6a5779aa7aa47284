import { beforeEach, describe, expect, test } from "vitest";
import { passes } from "./passes.js";
import type { HealthSetting } from "./setting.js";

const { now, sql, look, states, standing, alerts } = passes();
let setting: HealthSetting;
beforeEach(() => {
  setting = now();
});

describe("an installation", () => {
  test("that is suspended is unhealthy, and is not called", async () => {
    const [installation] = setting.github.simulation.organisation.installations.values();
    await setting.github.control.apply("suspendInstallation", { installation: installation?.id ?? 0 });
    await sql("UPDATE installations SET suspended_at = now()");
    await look();
    await look();
    expect(await standing("authentication")).toMatchObject({
      level: { state: "unhealthy" },
      reason: "the App is suspended on acme",
    });
    expect([...setting.github.simulation.log.counts.keys()]).not.toContain("GET /rate_limit");
    expect((await alerts())[0]).toMatchObject({ severity: "critical" });
  });

  test("that is suspended reports only its suspension, and its other problems when it is back", async () => {
    await look();
    await setting.github.control.run("remaining", { rest: 10 });
    await look();
    await look();
    const [installation] = setting.github.simulation.organisation.installations.values();
    const which = { installation: installation?.id ?? 0 };
    const quotaKey = `health/${which.installation}/quota`;
    const open = async () => (await alerts()).filter(({ status }) => status === "open").map(({ key }) => key);
    expect(await open()).toEqual([quotaKey]);
    await setting.github.control.apply("suspendInstallation", which);
    await look();
    await look();
    expect(await open()).toEqual([`health/${which.installation}/authentication`]);
    expect(await states()).not.toHaveProperty("acme/quota");
    expect(await states()).not.toHaveProperty("acme/sync");
    await setting.github.control.apply("unsuspendInstallation", which);
    await look();
    await look();
    expect(await open()).toEqual([quotaKey]);
  });

  test("that lacks a permission is degraded, and its owner is told where to grant it", async () => {
    const wanted = { ...setting.pass.wanted, permissions: { ...setting.pass.wanted.permissions, secrets: "read" } };
    await look({ wanted });
    await look({ wanted });
    const { reason, remedy } = await standing("authentication");
    expect(reason).toBe("acme has not granted secrets: read");
    expect(remedy).toMatch(/organizations\/acme\/settings\/installations\/\d+ and accept/);
  });

  test("that is over is forgotten, and so is its alert", async () => {
    await look();
    await setting.github.control.run("remaining", { rest: 10 });
    await look();
    await look();
    expect((await alerts()).map(({ status }) => status)).toEqual(["open"]);
    await sql("UPDATE installations SET deleted_at = now()");
    await look();
    expect((await alerts()).map(({ status }) => status)).toEqual(["resolved"]);
    expect(Object.keys(await states()).filter((name) => name.startsWith("acme"))).toEqual([]);
  });
});
