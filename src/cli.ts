#!/usr/bin/env node
import { program } from "./cli/program.js";
import { reportFailure } from "./cli/failure.js";

await program().parseAsync(process.argv).catch(reportFailure);
