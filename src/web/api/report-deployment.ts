import { z } from "@hono/zod-openapi";
import type { Clock } from "../../domain.js";
import { reportDeployment } from "../../store/deployments/reported.js";
import type { Store } from "../../store/store.js";
import { scopeOf } from "../viewer.js";
import { assertAdmin } from "./access.js";
import { act } from "./acts.js";
import { type Api, endpoint, NONE } from "./endpoint.js";
import { ProblemError } from "./problem.js";
import { Id, RepositoryName, Time } from "./schemas.js";

const short = z.string().min(1).max(200);

const Body = z.strictObject({
  repository: RepositoryName,
  id: short.openapi({ description: "The tool's own id: the same one reports the next state", example: "argo-4711" }),
  environment: z.string().regex(/^[\w./ -]{1,100}$/, "a name such as production"),
  sha: z.string().regex(/^[0-9a-f]{40}$/, "must be a whole SHA of 40 characters"),
  ref: short.default("main"),
  state: z.enum(["queued", "in_progress", "success", "failure", "error"]),
  at: Time.optional().openapi({ description: "When the state began; now, if left out" }),
  service: short.optional(),
  hotfix: z.boolean().default(false),
  fixes: short.optional().openapi({ description: "What a hotfix fixes: a SHA, a deployment's id or #12" }),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional(),
});

/** Lets Argo CD, Jenkins and other tools report their deployments. */
export function addReportDeployment(
  api: Api,
  { store, clock }: { readonly store: Store; readonly clock: Clock },
): void {
  endpoint(api, {
    method: "post",
    path: "/deployments",
    summary: "Report a deployment of another tool, or its next state",
    query: NONE,
    params: NONE,
    body: Body,
    answer: z.object({ id: Id, state: z.string() }).openapi("ReportedDeployment"),
    status: 202,
    also: { 409: "The id is known already with another commit or environment" },
    async handle({ body, viewer }) {
      const found = await store.readAs(scopeOf(viewer), ({ prisma }) =>
        prisma.repository.findFirst({
          where: { full_name: { equals: body.repository, mode: "insensitive" }, deleted_at: null },
          orderBy: { updated_at: "desc" },
        }),
      );
      if (found === null) throw new ProblemError(404, "You see no repository of that name.");
      assertAdmin(viewer, found.installation_id);
      const now = clock.now();
      const { repository: _name, id, at, service = null, fixes = null, url = null, ...rest } = body;
      const stored = await reportDeployment(store.sql, {
        ...rest,
        installationId: found.installation_id,
        repositoryId: found.id,
        externalId: id,
        at: at === undefined ? now : new Date(at),
        service,
        fixes,
        url,
        reportedBy: viewer.login,
      });
      if (stored === null)
        throw new ProblemError(409, `The deployment ${id} is known already with another commit or environment.`);
      const target = `${found.full_name} ${body.environment} ${id} ${body.state}`;
      await act(store.sql, viewer, now, found.installation_id, "deployment.report", target);
      return stored;
    },
  });
}
