import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checkRunRoutes } from "../../simulator/rest/check-runs.js";
import { commentRoutes } from "../../simulator/rest/comments.js";
import { commitRoutes } from "../../simulator/rest/commits.js";
import { contentRoutes } from "../../simulator/rest/contents.js";
import { deploymentRoutes } from "../../simulator/rest/deployments.js";
import { gateRoutes } from "../../simulator/rest/gates.js";
import { issueEventRoutes } from "../../simulator/rest/issue-events.js";
import { issueRoutes } from "../../simulator/rest/issues.js";
import { labelRoutes } from "../../simulator/rest/labels.js";
import { pullRoutes } from "../../simulator/rest/pulls.js";
import { reactionRoutes } from "../../simulator/rest/reactions.js";
import { releaseRoutes } from "../../simulator/rest/releases.js";
import { repositoryRootRoutes } from "../../simulator/rest/repositories.js";
import { reviewCommentRoutes } from "../../simulator/rest/review-comments.js";
import { reviewRoutes } from "../../simulator/rest/reviews.js";
import { router } from "../../simulator/server/route.js";
import { readManifest } from "../config/manifest.js";
import { CALL_PERMISSIONS } from "./permissions.js";

const calls = Object.entries(CALL_PERMISSIONS);
const rest = calls.filter(([call]) => !call.startsWith("MUTATION "));

const simulated = router([
  ...repositoryRootRoutes,
  ...pullRoutes,
  ...reviewRoutes,
  ...reviewCommentRoutes,
  ...commentRoutes,
  ...issueRoutes,
  ...issueEventRoutes,
  ...reactionRoutes,
  ...labelRoutes,
  ...commitRoutes,
  ...contentRoutes,
  ...checkRunRoutes,
  ...deploymentRoutes,
  ...gateRoutes,
  ...releaseRoutes,
]);

it.each(rest)("the simulated GitHub asks for the same permission: %s", (call, permissions) => {
  const [method = "", template = ""] = call.split(" ");
  const match = simulated(method, template.replaceAll(/\{[^}]+\}/g, "1"));
  expect(match?.route.permissions).toEqual(permissions);
});

it("names every call below a repository that the source makes", () => {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.includes(".test.") && !file.endsWith("github/permissions.ts"),
  );
  const used = files.flatMap((file) => {
    const text = readFileSync(`src/${file}`, "utf8");
    return [...text.matchAll(/"((?:GET|POST|PATCH|PUT|DELETE) \/repos\/\{owner\}[^"]*)"/g)].map((match) => match[1]);
  });
  const known = new Set(Object.keys(CALL_PERMISSIONS));
  // The App itself asks this one, with its own key.
  const byApp = "GET /repos/{owner}/{repo}/installation";
  expect([...new Set(used)].filter((call) => call !== undefined && call !== byApp && !known.has(call))).toEqual([]);
});

it("needs only permissions of app.yml, except to resolve threads", () => {
  const { default_permissions: granted } = readManifest();
  const holds = (name: string, level: string) => granted[name] === "write" || granted[name] === level;
  const lacking = calls.filter(([, permissions]) => !permissions.some(([name, level]) => holds(name, level)));
  expect(lacking.map(([call]) => call)).toEqual(["MUTATION resolveReviewThread"]);
});
