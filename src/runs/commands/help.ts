import { mayAct } from "../../domain.js";
import type { Command } from "./command.js";

/** Lists the commands that the author of the comment may use here. */
export const help: Command = {
  name: "help",
  usage: "/help",
  does: "lists the commands that you may use",
  role: "read",
  on: "both",
  run({ all, role, settings }) {
    const lines = all
      .filter((command) => mayAct(role, command.role) && (command.unavailable?.(settings) ?? null) === null)
      .map(({ usage, does, on }) => `- \`${usage}\` ${does}${on === "both" ? "" : ` (on a ${on})`}`);
    return Promise.resolve({
      status: "answered",
      markdown: [`With the role ${role} you may use:`, lines.join("\n")].join("\n\n"),
    });
  },
};
