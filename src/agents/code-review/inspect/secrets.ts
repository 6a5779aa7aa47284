import { createHmac } from "node:crypto";
import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import type { SecretHit } from "./protocol.js";

/** The rule that lets a comment in the reviewed text switch the detector off is left out: the text has no say here. */
const detectors = creator.rules
  .filter((rule) => !rule.meta.id.endsWith("filter-comments"))
  .map((rule) => ({ id: rule.meta.id, rule }));

/** Finds secrets by secretlint's recommended rules. What it matched is hashed here and goes no further. */
export async function findSecrets(path: string, text: string, hashKey: string): Promise<readonly SecretHit[]> {
  const extension = /\.[^./]+$/.exec(path)?.[0] ?? "";
  const { messages } = await lintSource({
    source: { filePath: path, content: text, ext: extension, contentType: "text" },
    options: { config: { rules: detectors }, noPhysicFilePath: true, maskSecrets: true },
  });
  const real = messages.filter(({ range }) => !isLocal(text.slice(range[0], range[1])));
  return real.map(({ ruleId, messageId, range, loc }) => ({
    kind: messageId || ruleId,
    startLine: loc.start.line,
    endLine: loc.end.line,
    hash: createHmac("sha256", hashKey).update(text.slice(range[0], range[1])).digest("hex"),
  }));
}

const IN_URL = /^[a-z][\w+.-]*:\/\/[^:@/\s]*:([^@/\s]*)@([^:/\s"'`?#]+)/i;
const LOCAL_HOST =
  /^(?:localhost|127\.[\d.]+|\[?::1\]?|[\w-]+|.*\.(?:localhost|local|example|test|invalid)|(?:.*\.)?example\.(?:com|org|net))$/i;
const NO_PASSWORD =
  /^(?:password|passwd|pass|postgres|root|admin|secret|changeme|example|test|user|x+|\*+|\.+|<.*|\$.*|\{.*|%.*)$/i;

/** A password in an address of one's own machine, of a service beside it, or of an example protects nothing. */
function isLocal(value: string): boolean {
  const [, password, host] = IN_URL.exec(value) ?? [];
  return password !== undefined && host !== undefined && (LOCAL_HOST.test(host) || NO_PASSWORD.test(password));
}
