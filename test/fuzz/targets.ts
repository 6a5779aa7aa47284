import { createHmac } from "node:crypto";
import examples from "@octokit/webhooks-examples/api.github.com/index.json" with { type: "json" };
import { z } from "zod";
import { parseCodeowners, ownersOf } from "../../src/agents/code-review/codeowners/parse.js";
import { lineDiff } from "../../src/agents/code-review/diff/line-diff.js";
import { parseDiff } from "../../src/agents/code-review/diff/parse-diff.js";
import { parsePatch } from "../../src/agents/code-review/diff/parse-patch.js";
import { isHandledEvent } from "../../src/domain.js";
import { kindOf } from "../../src/errors.js";
import { retryAfterOf } from "../../src/errors/retry-after.js";
import { deliveredEvent, outgoing } from "../../src/events/cloud-event.js";
import { HANDLERS } from "../../src/handlers/registry.js";
import { readHeaders } from "../../src/inbox/headers.js";
import { createVerifier } from "../../src/inbox/verify.js";
import { parseEnvelope, readEnvelope } from "../../src/process/envelope.js";
import { parsePayload } from "../../src/process/payload.js";
import { AGENTS, commandsOf } from "../../src/runs/registry.js";
import { parseCommand } from "../../src/runs/commands/parse-command.js";
import { settingsBook } from "../../src/settings/book.js";
import { cookieOf } from "../../src/web/identity/cookies.js";
import { type Choices, mutateJson, mutateText } from "./mutate.js";

/** One parser of what others send. It throws when something is wrong: a crash, a wrong accept or a wrong refusal. */
export interface Target {
  readonly name: string;
  /** Makes an input; it is text, so that it can be kept as a case. */
  make(choices: Choices): string;
  run(input: string): void;
}

function check(right: boolean, what: string): void {
  if (!right) throw new Error(what);
}

const Example = z.object({ name: z.string(), examples: z.array(z.record(z.string(), z.unknown())) });
const PAYLOADS = z
  .array(Example)
  .parse(examples)
  .flatMap(({ name, examples: payloads }) => payloads.map((payload) => ({ name, payload })));
const [firstPayload = { name: "push", payload: {} }, ...otherPayloads] = PAYLOADS;
const Delivery = z.object({ name: z.string(), payload: z.unknown() });

const payloads: Target = {
  name: "payloads",
  make(choices) {
    const { name, payload } = choices.pick([firstPayload, ...otherPayloads]);
    return JSON.stringify({ name, payload: mutateJson(payload, choices) });
  },
  run(input) {
    const { name, payload: given } = Delivery.parse(JSON.parse(input));
    const json = JSON.stringify(given) ?? "null";
    const payload = refusing(() => parsePayload("application/json", Buffer.from(json)));
    if (payload === null) return;
    readEnvelope(payload);
    const event = deliveredEvent({ guid: "g", event: name, receivedAt: new Date(0) }, payload, "https://github.com");
    check(/^github(\.\w+)+$/.test(event.topic), `topic ${event.topic}`);
    check(event.subject === null || /^[\w.-]+(\/[\w.-]+(#\d+)?)?$/.test(event.subject), `subject ${event.subject}`);
    const { json: sent } = outgoing({ ...event, position: 1n }, json);
    const parsed = z.looseObject({ id: z.literal("g"), data: z.unknown() }).parse(JSON.parse(sent));
    check(JSON.stringify(parsed.data) === json, "the event's data is not the payload");
    refusing(() => parseEnvelope(payload));
    if (isHandledEvent(name)) refusing(() => HANDLERS[name].read(payload));
  },
};

/** A refusal is fine when it is one that the app makes on purpose. */
function refusing<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (kindOf(error) !== "invalid") throw error;
    return null;
  }
}

const Bytes = z.object({ contentType: z.string(), body: z.string() });
const bodies: Target = {
  name: "bodies",
  make(choices) {
    const { payload } = choices.pick([firstPayload, ...otherPayloads]);
    const json = JSON.stringify(payload).slice(0, 3_000);
    const contentType = choices.pick(["application/json", "application/x-www-form-urlencoded"]);
    const body = contentType === "application/json" ? json : `payload=${encodeURIComponent(json)}`;
    return JSON.stringify({ contentType, body: mutateText(body, choices) });
  },
  run(input) {
    const { contentType, body } = Bytes.parse(JSON.parse(input));
    const payload = refusing(() => parsePayload(contentType, Buffer.from(body)));
    if (payload !== null) check(!JSON.stringify(payload).includes("\\u0000"), "NUL was let through");
  },
};

const SECRETS = ["a secret of this test", "another secret of this test"];
const verifier = createVerifier(SECRETS);
const Signed = z.object({ body: z.string(), signature: z.string() });
const sign = (body: string, secret = SECRETS[0] ?? ""): string =>
  createHmac("sha256", secret).update(body).digest("hex");

const signatures: Target = {
  name: "signatures",
  make(choices) {
    const body = mutateText('{"action":"opened"}', choices);
    const right = sign(
      body,
      choices.pick(["a secret of this test", "another secret of this test", "a third one, unknown"]),
    );
    return JSON.stringify({ body, signature: choices.below(2) === 0 ? right : mutateText(right, choices) });
  },
  run(input) {
    const { body, signature } = Signed.parse(JSON.parse(input));
    const head = readHeaders(
      "POST",
      {
        "content-type": "application/json",
        "x-github-event": "push",
        "x-github-delivery": "0b989ba4-242f-11e5-81e1-c7b6966d2516",
        "x-hub-signature-256": `sha256=${signature}`,
      },
      1_000,
    );
    const right = SECRETS.map((secret) => sign(body, secret)).includes(signature);
    const verification = verifier();
    verification.update(Buffer.from(body));
    const accepted = head.ok && verification.check(head.headers.signature) !== null;
    check(accepted === right, right ? "a right signature was refused" : "a wrong signature was accepted");
  },
};

const GOOD_HEADERS = {
  "content-type": "application/json",
  "content-length": "100",
  "x-github-event": "pull_request",
  "x-github-delivery": "0b989ba4-242f-11e5-81e1-c7b6966d2516",
  "x-hub-signature-256": `sha256=${"0a".repeat(32)}`,
  "x-github-hook-id": "12",
  "user-agent": "GitHub-Hookshot/1",
};
const Headers = z.record(z.string(), z.string());
const headers: Target = {
  name: "headers",
  make(choices) {
    const entries = Object.entries(GOOD_HEADERS);
    const hit = choices.below(entries.length);
    return JSON.stringify(
      Object.fromEntries(
        entries.map(([key, value], index) => [key, index === hit ? mutateText(value, choices) : value]),
      ),
    );
  },
  run(input) {
    const given = Headers.parse(JSON.parse(input));
    const read = readHeaders("POST", given, 1_000);
    if (!read.ok) return check(read.refusal.status >= 400 && read.refusal.status < 500, "a refusal that is none");
    const { guid, event, signature, contentLength } = read.headers;
    check(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(guid), `GUID ${guid}`);
    check(/^[a-z][a-z0-9_]*$/.test(event), `event ${event}`);
    check(/^[0-9a-f]{64}$/.test(signature), "signature");
    check(contentLength === null || (contentLength >= 0 && contentLength <= 1_000), "length");
    return undefined;
  },
};

const text = (name: string, seeds: readonly [string, ...string[]], run: (input: string) => void): Target => ({
  name,
  make: (choices) => mutateText(choices.pick(seeds), choices),
  run,
});

const book = settingsBook(AGENTS.map(({ section }) => section));
const SETTINGS: readonly [string, ...string[]] = [
  "review:\n  enabled: true\n  rules:\n    debugger-statement: off\n  ignore:\n    - 'dist/**'\n  shadow: false\n",
  "extends: acme/.github\ntriage:\n  enabled: true\n  required_fields: [Version, Steps]\n",
  "a: &a [1, 2]\nb: *a\nc: {d: [e, {f: g}]}\n",
];
const commands = commandsOf(AGENTS);
const OWNERS: readonly [string, ...string[]] = [
  "* @acme/all\n/src/*.ts @ada\ndocs/**/*.md me@example.com\n\\#file @mel # comment\n",
  "/apps/ @acme/apps\napps/github\n**/logs @octocat\n*.js    @js-owner\n",
];
const DIFFS: readonly [string, ...string[]] = [
  "diff --git a/a.ts b/a.ts\nindex 1..2 100644\n--- a/a.ts\n+++ b/a.ts\n@@ -1,2 +1,3 @@ x\n a\n-b\n+c\n+d\n\\ No newline at end of file\n",
  "diff --git a/o b/n\nsimilarity index 90%\nrename from o\nrename to n\n@@ -10 +10,2 @@\n-x\n+y\n+z\n",
  'diff --git "a/\\303\\244" "b/\\303\\244"\nnew file mode 100644\nBinary files /dev/null and b/x differ\n',
];
const SECRET = "A".repeat(43);

/** Every target, the cheap ones more often. */
export const TARGETS: readonly [Target, ...Target[]] = [
  signatures,
  headers,
  payloads,
  bodies,
  text("settings", SETTINGS, (input) => {
    const { layer, problems } = book.parse(input);
    check(layer !== null || problems.length > 0, "a file was refused without a problem");
    for (const { line } of problems) check(Number.isInteger(line) && line >= 1, `line ${line}`);
  }),
  text(
    "commands",
    ["/review", "/explain all of it", "/ignore debugger-statement", "@companyos review now", "/help\n\nmore"],
    (input) => {
      const parsed = parseCommand(input, commands, "companyos");
      if (parsed.kind === "command") check(parsed.argument.length <= 200, "a long argument");
    },
  ),
  text("CODEOWNERS", OWNERS, (input) => {
    const codeowners = parseCodeowners(input);
    for (const path of ["src/a.ts", "docs/a/b.md", "apps/github/x"])
      check(Array.isArray(ownersOf(codeowners, path, { left: 100_000 })), "no list of owners");
  }),
  text("diffs", DIFFS, (input) => {
    parseDiff(input);
    const { hunks } = parsePatch(input);
    check(Array.isArray(hunks), "no hunks");
  }),
  text("line diffs", ["a\nb\nc\nd\n", "x\n\ny\n", ""], (input) => void lineDiff("a\nb\nc\nd\n", input)),
  text("cookies", [`__Host-session=${SECRET}; a=b`, `a=b; session=${SECRET}`, "=;=;;"], (input) => {
    for (const name of ["__Host-session", "session", "__proto__", ""]) {
      const value = cookieOf(input, name);
      check(value === null || /^[\w-]{43}$/.test(value), "a cookie of another form");
    }
  }),
  text("retry-after", ["120", "Wed, 21 Oct 2026 07:28:00 GMT", "1e3", "-1"], (input) => {
    const at = retryAfterOf(input, new Date(0));
    check(at === null || Number.isFinite(at.getTime()), "a time that is none");
  }),
];
