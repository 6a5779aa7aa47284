import { expect, it } from "vitest";
import { initdbArguments } from "./cluster.js";

it("a cluster that must surviveBrokenConnections the machine is synced to the disk when it is made, another is not", () => {
  expect(initdbArguments("d", "p", "C", true)).not.toContain("--no-sync");
  expect(initdbArguments("d", "p", "C", false)).toContain("--no-sync");
});
