import { z } from "zod";
import { InvalidError } from "../errors.js";
import type { GitHubClient, Parameters } from "./client.js";
import type { GitHubReader, RepositoryRef } from "./reader.js";

const Commits = z.object({ commits: z.array(z.unknown()) });
const Repositories = z.object({ repositories: z.array(z.unknown()) });

/**
 * Reads by REST. `installation` makes calls with the installation's token; `app` with the App's own, null without App
 * credentials (GitHub Actions).
 */
export function createRestReader(
  installation: GitHubClient,
  app: GitHubClient | null,
  installationId: bigint,
): GitHubReader {
  const get = async (route: string, parameters: Parameters): Promise<unknown> => {
    const { data } = await installation.rest(`GET ${route}`, parameters);
    return data;
  };
  const inRepository = (repository: RepositoryRef, route: string, parameters: Parameters): Promise<unknown> =>
    get(`/repos/{owner}/{repo}${route}`, { owner: repository.owner, repo: repository.name, ...parameters });

  return {
    repository: (id) => get("/repositories/{repository_id}", { repository_id: String(id) }),
    pullRequest: (repository, number) => inRepository(repository, "/pulls/{pull_number}", { pull_number: number }),
    review: (repository, number, reviewId) =>
      inRepository(repository, "/pulls/{pull_number}/reviews/{review_id}", {
        pull_number: number,
        review_id: String(reviewId),
      }),
    issue: (repository, number) => inRepository(repository, "/issues/{issue_number}", { issue_number: number }),
    issueComment: (repository, id) =>
      inRepository(repository, "/issues/comments/{comment_id}", { comment_id: String(id) }),
    deployment: (repository, id) =>
      inRepository(repository, "/deployments/{deployment_id}", { deployment_id: String(id) }),
    deploymentStatus: (repository, deploymentId, statusId) =>
      inRepository(repository, "/deployments/{deployment_id}/statuses/{status_id}", {
        deployment_id: String(deploymentId),
        status_id: String(statusId),
      }),
    release: (repository, id) => inRepository(repository, "/releases/{release_id}", { release_id: String(id) }),
    async *commits(repository, base, head) {
      const parameters = { owner: repository.owner, repo: repository.name, basehead: `${base}...${head}` };
      for await (const page of installation.pages("GET /repos/{owner}/{repo}/compare/{basehead}", parameters)) {
        yield* parsePage(Commits, page).commits;
      }
    },
    async installation() {
      if (!app) throw new InvalidError("Reading an installation needs the credentials of the App");
      const { data } = await app.rest("GET /app/installations/{installation_id}", {
        installation_id: String(installationId),
      });
      return data;
    },
    async *repositories() {
      for await (const page of installation.pages("GET /installation/repositories")) {
        yield* parsePage(Repositories, page).repositories;
      }
    },
  };
}

function parsePage<T>(schema: z.ZodType<T>, page: unknown): T {
  const result = schema.safeParse(page);
  if (result.success) return result.data;
  throw new InvalidError(`GitHub's page has an unexpected shape: ${z.prettifyError(result.error)}`);
}
