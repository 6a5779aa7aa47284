import { z } from "zod";
import { AGENTS } from "../../src/runs/registry.js";
import { type DefinedJob, defineJob } from "../../src/jobs/define-job.js";

const Opened = z.object({
  action: z.literal("opened"),
  repository: z.object({ id: z.number() }),
  issue: z.object({ number: z.number() }),
});

/** Stands in for an agent: answers each opened issue with one comment, through the ledger. */
export const commentJob: DefinedJob = {
  ...defineJob({
    name: "triage",
    queue: "agents",
    payload: z.object({ repositoryId: z.number(), number: z.number() }),
    attempts: 10,
    key: ({ repositoryId, number }) => `${repositoryId}#${number}`,
    async run({ repositoryId, number }, context) {
      const id = BigInt(repositoryId);
      const row = await context.store.prisma.repository.findUniqueOrThrow({ where: { id } });
      const repository = { id, owner: row.owner_login, name: row.name };
      const effect = { kind: "comment" as const, repository, issue: number, slot: "crash", occasion: "opened" };
      await context.effects().apply([{ ...effect, reason: "it was opened", body: "Seen." }], context);
      return { status: "done", reason: "commented" };
    },
  }),
  triggered(event, delivery) {
    const opened = event === "issues" ? Opened.safeParse(delivery).data : undefined;
    if (!opened) return [];
    return [{ name: "triage", payload: { repositoryId: opened.repository.id, number: opened.issue.number } }];
  },
};

/** Every agent but the one whose place `commentJob` takes. */
export const OTHER_AGENTS = AGENTS.filter(({ name }) => name !== "triage");
