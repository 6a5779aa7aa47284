import { z } from "zod";
import type { Clock } from "../../domain.js";
import type { Answered } from "../../health/answered.js";
import type { AttemptFact } from "../../health/attempt.js";
import { LISTED } from "../../health/checks/webhooks.js";
import type { Granted } from "../../health/permissions.js";
import type { GitHubClient } from "../../github/client.js";
import { ask } from "./ask.js";

const permissions = z.record(z.string(), z.string());
const events = z.array(z.string());
const App = z.object({ slug: z.string(), permissions, events });
const Hook = z.object({ url: z.string().nullish(), insecure_ssl: z.coerce.string().nullish() });
const Attempts = z.array(z.object({ guid: z.string(), delivered_at: z.coerce.date(), status_code: z.int().catch(0) }));
const Installations = z.array(
  z.object({
    id: z.int(),
    account: z
      .object({ login: z.string(), type: z.string().nullable().catch(null) })
      .nullable()
      .catch(null),
    suspended_at: z.string().nullable(),
    permissions,
    events,
  }),
);

export type ListedInstallation = Granted & {
  readonly account: string | null;
  readonly accountType: string | null;
  readonly suspended: boolean;
};

/** GitHub's answers about the App itself: a few calls in a pass, for any number of installations. */
export interface AppFacts {
  readonly app: Answered<Granted & { readonly slug: string }>;
  readonly hook: Answered<{ readonly url: string | null; readonly verifiesTls: boolean }>;
  readonly attempts: Answered<readonly AttemptFact[]>;
  readonly installations: Answered<ReadonlyMap<bigint, ListedInstallation>>;
}

/** If the App is refused or GitHub does not respond, the other calls are skipped. */
export async function readApp(client: Pick<GitHubClient, "rest" | "pages">, clock: Clock): Promise<AppFacts> {
  const app = await ask(clock, async () => App.parse((await client.rest("GET /app")).data));
  if (!app.ok) return { app, hook: app, attempts: app, installations: app };
  return {
    app,
    hook: await ask(clock, async () => hookOf((await client.rest("GET /app/hook/config")).data)),
    attempts: await readAttempts(client, clock),
    installations: await ask(clock, () => listInstallations(client)),
  };
}

function hookOf(data: unknown) {
  const { url, insecure_ssl } = Hook.parse(data);
  return { url: url || null, verifiesTls: insecure_ssl !== "1" };
}

/** The newest delivery attempts, newest first. */
export function readAttempts(client: Pick<GitHubClient, "rest">, clock: Clock): Promise<AppFacts["attempts"]> {
  return ask(clock, async () => {
    const { data } = await client.rest("GET /app/hook/deliveries", { per_page: LISTED });
    return Attempts.parse(data).map((each) => ({
      guid: each.guid,
      deliveredAt: each.delivered_at,
      statusCode: each.status_code,
    }));
  });
}

export async function listInstallations(client: Pick<GitHubClient, "pages">) {
  const listed = new Map<bigint, ListedInstallation>();
  for await (const page of client.pages("GET /app/installations"))
    for (const each of Installations.parse(page))
      listed.set(BigInt(each.id), {
        account: each.account?.login ?? null,
        accountType: each.account?.type ?? null,
        permissions: each.permissions,
        events: each.events,
        suspended: each.suspended_at !== null,
      });
  return listed;
}
