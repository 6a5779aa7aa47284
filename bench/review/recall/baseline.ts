import { addedLines } from "../../../src/agents/code-review/diff/lines.js";
import { givenFile } from "../../../src/agents/code-review/given.js";
import { globs } from "../../../src/agents/glob.js";
import type { Case } from "./corpus.js";

interface LineRule {
  readonly files: readonly string[];
  readonly lines: readonly RegExp[];
}

const SCRIPT = ["*.{ts,tsx,js,jsx,mjs,cjs,mts,cts}"];
const ALL_CODE = [...SCRIPT, "*.py", "*.go"];
const WORKFLOWS = [".github/**/*.{yml,yaml}"];
const MIGRATIONS = ["**/migrations/**", "**/migrate/**", "**/alembic/versions/**"];

/**
 * The same rules as regular expressions over single added lines, as a linter of diffs would have them: written to find
 * what can be found that way, with the files that each is for. Rules about more than one line have none.
 */
const RULES: Readonly<Record<string, LineRule>> = {
  "focused-test": {
    files: ALL_CODE,
    lines: [
      /\b(?:it|test|describe|suite|context)(?:\.\w+)*\.only\b/,
      /\b(?:fit|fdescribe)\(/,
      /\bF(?:It|Describe|Context|When|DescribeTable)\(/,
      /ginkgo\.Focus|, Focus,/,
      /@pytest\.mark\.only/,
    ],
  },
  "skipped-test": {
    files: ALL_CODE,
    lines: [
      /\b(?:it|test|describe|suite|context)(?:\.\w+)*\.skip\b/,
      /\bx(?:it|describe|test)\(/,
      /\b[PX](?:It|Describe|Context|When)\(/,
      /@(?:pytest\.mark|unittest)\.(?:skip|xfail)\b/,
      /pytest\.mark\.skip\b/,
      /self\.skipTest\(/,
      /\.(?:Skip|Skipf|SkipNow)\(/,
    ],
  },
  "debugger-statement": {
    files: ALL_CODE,
    lines: [
      /\bdebugger\b;?/,
      /\b(?:page|cy|browser)\.(?:pause|debug)\(\)/,
      /\bbreakpoint\(\)/,
      /\b(?:i?pdb|pudb)\b/,
      /\bset_trace\(\)/,
      /runtime\.Breakpoint\(\)/,
    ],
  },
  "conflict-marker": { files: ["**"], lines: [/^(?:<{7}|={7}|>{7}|\|{7})/] },
  secret: {
    files: ["**"],
    lines: [
      /gh[pousr]_\w{36}/,
      /xox[abp]-[\w-]{20,}/,
      /hooks\.slack\.com\/services\/T\w+/,
      /npm_\w{36}/,
      /:\/\/\w+:[^@\s/]+@/,
      /sk-ant-\w+/,
      /glpat-[\w-]{20}/,
      /(?:secret|token|password)\w*\s*[:=]\s*["']?[\w/+-]{16,}/i,
    ],
  },
  "workflow-head-checkout": {
    files: WORKFLOWS,
    lines: [/ref:.*(?:head\.sha|head_ref|head\.ref|head_sha|head_branch)/, /git fetch.*pull\//],
  },
  "workflow-script-injection": {
    files: WORKFLOWS,
    lines: [/\$\{\{\s*github\.(?:head_ref|event\.[\w.]*(?:title|body|message|ref))\s*\}\}/],
  },
  "workflow-unpinned-action": {
    files: WORKFLOWS,
    lines: [/uses:\s*["']?(?!\.\/|actions\/|github\/)\S+@(?![0-9a-f]{40})/],
  },
  "workflow-wide-permissions": { files: WORKFLOWS, lines: [/:\s*write(?:-all)?\s*$/] },
  "dependency-install-script": {
    files: ["package-lock.json", "pnpm-lock.yaml"],
    lines: [/"hasInstallScript": true/, /requiresBuild: true/],
  },
  "manifest-without-lockfile": {
    files: ["package.json", "pyproject.toml", "go.mod"],
    lines: [/^\s*"[@\w/-]+":\s*"[\^~]?\d/, /^\s*"[\w-]+[<>=~]/, /^\s+\S+ v\d/],
  },
  "generated-file-edited": { files: ["**"], lines: [/do not edit/i, /@generated/] },
  "migration-drop": {
    files: MIGRATIONS,
    lines: [
      /\bDROP\s+(?:TABLE|COLUMN)\b/i,
      /\bTRUNCATE\b/i,
      /\bDELETE\s+FROM\s+\w+\s*;/i,
      /\bRENAME\s+(?:TO|COLUMN)\b/i,
      /\.?drop_?(?:table|columns?)\(/i,
      /migrations\.(?:Remove|Delete|Rename)\w+\(/,
    ],
  },
  "migration-lock": {
    files: MIGRATIONS,
    lines: [
      /\bCREATE\s+(?:UNIQUE\s+)?INDEX\b(?!.*CONCURRENTLY)/i,
      /\bADD\s+COLUMN\b.*NOT\s+NULL(?!.*DEFAULT)/i,
      /\bSET\s+(?:DATA\s+TYPE|NOT\s+NULL)/i,
      /\bADD\s+(?:CONSTRAINT|FOREIGN\s+KEY)/i,
      /\breindex\b/i,
      /create_index\(/,
      /alter_column\(.*nullable=False/,
      /addIndex\(|AddIndex\(/,
    ],
  },
  "public-api-removed": { files: ["index.*", "*.d.ts", "__init__.py"], lines: [] },
  "tls-verification-disabled": {
    files: ALL_CODE,
    lines: [
      /rejectUnauthorized\s*[:=]\s*false/,
      /NODE_TLS_REJECT_UNAUTHORIZED.*=\s*["']?0/,
      /verify\s*=\s*False/,
      /CERT_NONE/,
      /InsecureSkipVerify\s*[:=]\s*true/,
    ],
  },
  "sql-injection": {
    files: ALL_CODE,
    lines: [
      /`\s*(?:SELECT|INSERT|UPDATE|DELETE)\b.*\$\{/i,
      /["'](?:SELECT|INSERT|UPDATE|DELETE)\b.*["']\s*[+%]/i,
      /\bf["']+\s*(?:SELECT|INSERT|UPDATE|DELETE)\b.*\{/i,
      /Sprintf\("(?:SELECT|INSERT|UPDATE|DELETE)\b.*%/i,
    ],
  },
  "shell-injection": {
    files: ALL_CODE,
    lines: [
      /\bexec(?:Sync)?\(\s*(?:`.*\$\{|["'].*["']\s*\+)/,
      /os\.system\((?:f["']|.*\+)/,
      /subprocess\.\w+\(f["'].*shell=True/,
      /exec\.Command(?:Context)?\(.*"-c",.*(?:\+|Sprintf)/,
    ],
  },
  "swallowed-error": {
    files: ALL_CODE,
    lines: [
      /catch\s*(?:\(\w*\))?\s*\{\s*\}/,
      /\.catch\(\(\)\s*=>\s*\{\s*\}\)/,
      /except.*:\s*pass\b/,
      /if err != nil \{\s*\}/,
    ],
  },
};

/** Lines of the case's file that the regular expressions of its rule match. */
export function baselineLines({ rule, files, path }: Case): readonly number[] {
  const lineRule = RULES[rule];
  const file = files.find((given) => given.path === path);
  if (!lineRule || !file || file.binary === true || !globs(lineRule.files)(path)) return [];
  return addedLines(givenFile(file))
    .filter(({ text }) => lineRule.lines.some((test) => test.test(text)))
    .map(({ line }) => line);
}
