import type { Command } from "../commands/command.js";

/** Requests triage now. The run answers when it has ended. */
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
