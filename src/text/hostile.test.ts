import { movedIn } from "../agents/code-review/moved.js";
import { describe, expect, it } from "vitest";
import { ownersOf, parseCodeowners } from "../agents/code-review/codeowners/parse.js";
import { parsePatch } from "../agents/code-review/diff/parse-patch.js";
import { lineDiff } from "../agents/code-review/diff/line-diff.js";
import { isSource } from "../agents/code-review/file-role.js";
import { writtenByProgram } from "../agents/code-review/generated.js";
import { languageOf } from "../agents/code-review/languages.js";
import { missingLinkedIssue } from "../agents/code-review/rules/missing-linked-issue.js";
import { globs } from "../agents/glob.js";
import { plain as forSlack } from "../alerts/sinks/slack-sink.js";
import { neutral } from "../effects/describe.js";
import { stamp } from "../effects/marker.js";
import { retryAfterOf } from "../errors/retry-after.js";
import { issueComment } from "../handlers/issue-comment.js";
import { placeOf } from "../github/review/extended.js";
import { redact } from "../log.js";
import { plain } from "../reports/plain.js";
import { AGENTS, bookOf, commandsOf } from "../runs/registry.js";
import { parseCommand } from "../runs/commands/parse-command.js";
import { deniedReason } from "../store/tenants/denied-reason.js";
import { numberInNodeId } from "../sync/map/node-number.js";
import { firstLine } from "./first-line.js";
import { bounded, codeBlock, codeSpan, prose, suggestionBlock } from "./markdown.js";
import { storable, storableJson } from "./storable.js";
import { hidesCharacters, visible } from "./visible.js";

const COMMANDS = commandsOf(AGENTS);
const BOOK = bookOf(AGENTS);

/** Everything that reads text of other people in the worker's own thread. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  "a comment": (text) => parseCommand(text, COMMANDS, "companyos"),
  "a comment that mentions us": (text) => parseCommand(`@companyos ${text}`, COMMANDS, "companyos"),
  "the first line of a comment": firstLine,
  "a path, by globs of the settings": globs([
    "*a*a*a*a*a*b",
    "**/*a*/**/*a*/b",
    "{a,b}*{a,b}*[!a-z]*",
    "a*/**/a*/**/c",
  ]),
  "a glob of the settings": (text) => globs([text.slice(0, 500)])("a".repeat(4_000)),
  "a path, by CODEOWNERS": (text) => ownersOf(parseCodeowners("/*a*a*a*a*b @x\n"), text, { left: 1_000_000 }),
  "CODEOWNERS, many paths": (text) => {
    const codeowners = parseCodeowners(text);
    const steps = { left: 1_000_000 };
    for (let nth = 0; nth < 100; nth += 1) ownersOf(codeowners, `${"a".repeat(200)}/${nth}`, steps);
  },
  "owners in CODEOWNERS": (text) => parseCodeowners(`* ${text}`),
  "a mail address in CODEOWNERS": (text) => parseCodeowners(`* a@${text}@`),
  "a settings file": (text) => BOOK.parse(text),
  "settings that are unknown": (text) => BOOK.parse(`${text.replaceAll(/\W/g, "a").slice(0, 1_000)}: 1`),
  "a description that should link an issue": (text) =>
    missingLinkedIssue.inChange?.({
      change: { pullRequest: { number: 1, title: text, body: text, linkedIssues: [] }, files: [], lockfiles: [] },
      moved: movedIn([]),
      inspections: new Map(),
      advisories: [],
      options: { ...OPTIONS, requireLinkedIssue: true },
      optionsFor: () => OPTIONS,
    }),
  "a patch": parsePatch,
  "two sides of a file": (text) => lineDiff(text, `${text}x`),
  "the head of a file": (text) => writtenByProgram({ path: "a", text, baseText: null }, []),
  "a file's name": (text) => [isSource(text), languageOf(text)],
  "a name that an organisation denies": (text) =>
    deniedReason(`a/${text}`, { allow_repositories: [], deny_repositories: ["a/*a*a*a*a*b"] }),
  "a pattern of names": (text) =>
    deniedReason(`a/${"a".repeat(100)}`, { allow_repositories: [], deny_repositories: [text.slice(0, 200)] }),
  "an extended settings file": (text) => placeOf("a", text, "b"),
  "a log line": (text) => redact(text.repeat(4)),
  "markers in a body": (text) => stamp(text, { intent: "i", target: "t" }),
  "a node's id": (text) => numberInNodeId(text, 1),
  "a Retry-After header": (text) => retryAfterOf(text, new Date(0)),
  "a comment's payload": (text) => {
    try {
      issueComment.read({ action: "created", comment: { body: text } });
    } catch {
      return null;
    }
    return null;
  },
  "a line for a terminal": plain,
  "a text for Slack": forSlack,
  "a text for the log": neutral,
  "a code span": (text) => codeSpan(text),
  "a code block": (text) => codeBlock(text, ""),
  "a suggestion": suggestionBlock,
  "prose of the settings": prose,
  "a body": (text) => bounded(text),
  "what is visible": (text) => [visible(text), hidesCharacters(text)],
  "text for a column": (text) => [storable(text), storableJson({ [text]: [text] })],
};

const OPTIONS = {
  maxChangedLines: 800,
  maxBinaryBytes: 1,
  minLinesForTests: 1,
  requireLinkedIssue: true,
  publicApi: [],
  generated: [],
  migrations: [],
  trustedActionOwners: [],
  advisorySeverity: "high" as const,
};

/** What is repeated, between a beginning and an end that make matching fail late. */
const PIECES = [
  ...Array.from(" \t\n.-_@#/*a0`<>[](){}:;,'\"\\!?=&|~$%^+"),
  "\r\n",
  "a.",
  "@a",
  "a@",
  "#a ",
  "# ",
  " #\u2028",
  "<!--",
  "<!-- companyos:",
  "```",
  "*a",
  "**/",
  "a/",
  "[a",
  "{a,",
  "{a,b}",
  "\\ ",
  "- ",
  "a: ",
  "a: 1\n",
  "generated ",
  "do not edit ",
  "Code generated ",
  "<a>; ",
  "-----BEGIN PRIVATE KEY-----",
  "-----BEGIN ",
  "eyJaaaaaaaa.",
  "eyJaaaaaaaa-",
  "gho_",
  "bearer ",
  "://a:",
  "a://:",
  "@@ -1 +1 @@\n",
  "@@ -1,9 +1,9 @@\n+a\n",
  "+",
  "🙂",
  "\ud83d",
  "\0",
  "\u200b",
];
const FRAMES: readonly (readonly [string, string])[] = [
  ["", ""],
  ["/x", "y".repeat(201)],
  ["@companyos ", "\u2028\0"],
];

/** Milliseconds of CPU: of the square of the largest size nothing would come in that time. */
const MOST = { ms: 400, perCharacter: 0.03 };
const SIZES = [64, 32_768];

describe("repetitive text costs time linear in its length", () => {
  it.each(Object.keys(READERS))("%s", { timeout: 120_000 }, (name) => {
    const read = READERS[name];
    PIECES.forEach((piece, nth) => {
      const [start, end] = FRAMES[nth % FRAMES.length] ?? ["", ""];
      for (const size of SIZES) {
        const text = start + piece.repeat(Math.ceil(size / piece.length)) + end;
        const before = process.cpuUsage();
        read?.(text);
        const { user, system } = process.cpuUsage(before);
        const took = (user + system) / 1_000;
        expect(took, `${JSON.stringify(start + piece)} × ${size}`).toBeLessThan(MOST.ms + MOST.perCharacter * size);
      }
    });
  });
});
