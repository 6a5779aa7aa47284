import type { Model } from "./model.js";

/** Repeats a question once when the answer is malformed. Each attempt is metered separately. */
export function insistent(model: Model): Model {
  return {
    name: model.name,
    ask: async (question) => {
      const first = await model.ask(question);
      return first.kind === "unanswered" && first.failure === "malformed" ? model.ask(question) : first;
    },
  };
}
