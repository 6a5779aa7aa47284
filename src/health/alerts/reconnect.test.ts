import { expect, test } from "vitest";
import { reconnectRemedy } from "./reconnect.js";

const serverUrl = "https://github.test";

test.each([
  ["Organization", "https://github.test/organizations/acme/settings/installations/7 "],
  [null, "https://github.test/organizations/acme/settings/installations/7 "],
  ["User", "https://github.test/settings/installations/7 "],
])("the settings of an installation of a %s", (accountType, url) => {
  const remedy = reconnectRemedy({ installationId: 7n, account: "acme", accountType, serverUrl });
  expect(remedy).toContain(`An owner of acme: open ${url}`);
});

test("a refusal of the App itself is for the operator", () => {
  const remedy = reconnectRemedy({ installationId: null, account: null, accountType: null, serverUrl });
  expect(remedy).toMatch(/^The operator: compare APP_ID/);
});
