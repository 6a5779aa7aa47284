import type { Command } from "../commands/command.js";

/** Asks for a triage now; the run answers when it is done. */
export const triageCommand: Command = {
  name: "triage",
  usage: "/triage",
  does: "triages the issue now, and adds only missing labels and comments",
  role: "triage",
  on: "issue",
  run({ repository, number }) {
    const payload = { repositoryId: Number(repository.id), number, asked: true };
    return Promise.resolve({ status: "later", reason: "a person requested triage", job: { name: "triage", payload } });
  },
};
