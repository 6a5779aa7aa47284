import { z } from "zod";
import { messageOf } from "../errors.js";
import type { GitHubClient } from "../github/client.js";
import { listInstallations } from "../jobs/health/read-app.js";
import { redact } from "../log.js";
import { type Finding, ok, problem, unknown } from "./check.js";

const CHECK = "GraphQL";
const RATE = {
  name: "DOCTOR",
  text: "query DOCTOR { rateLimit { cost nodeCount limit remaining resetAt used } }",
};

/** Whether GITHUB_GRAPHQL_URL answers an installation's token. The App's own token is not accepted there. */
export async function checkGraphql(
  app: Pick<GitHubClient, "pages">,
  client: (installationId: bigint) => Pick<GitHubClient, "query">,
  graphqlUrl: string,
): Promise<Finding> {
  const listed = await listInstallations(app).catch(() => null);
  const [id] = [...(listed ?? [])].find(([, { suspended }]) => !suspended) ?? [];
  if (id === undefined) return unknown(CHECK, "not checked: GraphQL needs an installation, and none is active");
  try {
    await client(id).query(RATE, {}, z.looseObject({}));
    return ok(CHECK, `${graphqlUrl} answers`);
  } catch (error) {
    return problem(
      CHECK,
      `${graphqlUrl} does not answer a query: ${redact(messageOf(error))}`,
      "Correct GITHUB_GRAPHQL_URL, or unset it to derive it from GITHUB_API_URL.",
    );
  }
}
