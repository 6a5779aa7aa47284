import { z } from "zod";
import { defineJob } from "../../src/jobs/define-job.js";

/** Stands in for an agent: answers each opened issue with one comment, through the ledger. */
export const commentJob = defineJob({
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
});
