import type { Command } from "../commands/command.js";

/** Asks for a triage now; the run answers when it is done. */
export const triageCommand: Command = {
  name: "triage",
  usage: "/triage",
  does: "looks at the issue now, and adds only what is missing",
  role: "triage",
  on: "issue",
  run({ repository, number }) {
    const payload = { repositoryId: Number(repository.id), number, asked: true };
    return Promise.resolve({ status: "later", reason: "a triage was asked for", job: { name: "triage", payload } });
  },
};
