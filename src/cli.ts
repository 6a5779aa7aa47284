#!/usr/bin/env node
import { program } from "./cli/program.js";
import { reportFailure } from "./cli/failure.js";
import { tolerateClosedOutput } from "./cli/output.js";

tolerateClosedOutput();
await program(process.argv[2])
  .then((whole) => whole.parseAsync(process.argv))
  .catch(reportFailure);
