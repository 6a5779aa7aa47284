import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { AGENTS, bookOf } from "../src/runs/registry.js";
import { settingsJsonSchema } from "../src/settings/json-schema.js";
import { settingsReference } from "../src/settings/reference.js";
import { colourTokens, iconPaths } from "./web/primer.js";
import { rulePages } from "./rule-pages.js";
import { configurationReference, envExample } from "../src/config/documents.js";

/** Writes the generated documents; with `--check`, fails when one on disk is stale. */
const documents: readonly { readonly path: string; readonly text: string }[] = [
  { path: ".env.example", text: envExample() },
  { path: "docs/configuration.md", text: configurationReference() },
  { path: "docs/settings.md", text: settingsReference(bookOf(AGENTS)) },
  { path: "docs/companyos.schema.json", text: settingsJsonSchema(bookOf(AGENTS)) },
  { path: "src/web/assets/tokens.css", text: colourTokens() },
  { path: "src/web/pages/parts/icon-paths.ts", text: iconPaths() },
  ...rulePages(),
];

const check = process.argv.includes("--check");
if (!check) mkdirSync("docs/rules", { recursive: true });
for (const { path, text } of documents) {
  if (!check) writeFileSync(path, text);
  else if (readOrEmpty(path) !== text) {
    console.error(`${path} is stale: run 'npm run generate' and commit it`);
    process.exitCode = 1;
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
