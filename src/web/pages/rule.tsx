import { readFileSync } from "node:fs";
import type { Context, Next } from "hono";
import { RULE_IDS } from "../../agents/code-review/rules/registry.js";
import { packageFile } from "../../package-file.js";
import { Box } from "./parts/basics.js";
import { framed, type Responding } from "./respond.js";

const KNOWN: ReadonlySet<string> = new Set(RULE_IDS);
const FENCE = "````";

/** The page of a review rule: why, what it finds and what it does not, how to silence it. From `docs/rules/`. */
export async function rulePage(responding: Responding, c: Context, next: Next): Promise<Response | void> {
  const rule = c.req.param("rule") ?? "";
  if (!KNOWN.has(rule)) return next();
  const [intro = "", ...sections] = readFileSync(packageFile(`docs/rules/${rule}.md`), "utf8").split(/^## /m);
  const body = (
    <div class="stack">
      <div class="title">
        <div>
          <h1>
            Rule <code>{rule}</code>
          </h1>
          <p class="muted">{intro.split("\n").slice(1).join(" ").trim()}</p>
        </div>
      </div>
      {sections.map((section) => {
        const [title = "", ...lines] = section.split("\n");
        return (
          <Box title={title}>
            {lines
              .join("\n")
              .split(FENCE)
              .map((part, index) => (index % 2 === 1 ? <pre>{withoutLanguage(part)}</pre> : paragraphs(part)))}
          </Box>
        );
      })}
    </div>
  );
  const viewer = await responding.site.viewerOf(c.req.raw);
  return framed(responding, c, { status: 200, title: `Rule ${rule}`, body, viewer });
}

function withoutLanguage(block: string): string {
  return block.slice(block.indexOf("\n") + 1).trimEnd();
}

function paragraphs(text: string) {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => <p>{line.replace(/^- /, "").replaceAll("`", "")}</p>);
}
