import { loadGrammars } from "./grammars.js";
import { inspectFile } from "./inspect-file.js";
import { inspectRequest, unread } from "./protocol.js";

/** The process that parses: it is given a text and questions, and nothing else of ours. */
const grammars = loadGrammars();

process.on("message", (message) => {
  void inspectFile(grammars, inspectRequest.parse(message))
    .catch((error: unknown) => unread(`the parser failed: ${error instanceof Error ? error.name : "unknown error"}`))
    .then((answer) => process.send?.(answer));
});
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
