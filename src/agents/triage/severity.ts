import type { IssueText } from "./text.js";

export const HINTS = ["security", "data loss", "regression", "crash"] as const;
export type Hint = (typeof HINTS)[number];

/** Linear patterns: no nested repetition, every repetition bounded. */
const SIGNS: Readonly<Record<Hint, readonly RegExp[]>> = {
  security: [
    /\bcve-\d{4}-\d{4,7}\b/i,
    /\bvulnerabilit(?:y|ies)\b/i,
    /\b(?:xss|csrf|ssrf|xxe|rce)\b/i,
    /\b(?:sql|command|code|html|header) injection\b/i,
    /\bremote code execution\b/i,
    /\b(?:auth(?:entication|orization)?|permission|login) bypass\b/i,
    /\bbypass(?:es|ed|ing)? (?:the )?(?:auth|login|permission)/i,
    /\b(?:path|directory) traversal\b/i,
    /\bprivilege escalation\b/i,
    /\bexploit(?:s|ed|able)?\b/i,
    /\bproof of concept\b/i,
    /\b(?:leaks?|exposes?|disclos(?:es|ure)) (?:\w{1,20} ){0,2}(?:passwords?|secrets?|tokens?|credentials?|private keys?)\b/i,
  ],
  "data loss": [
    /\bdata (?:loss|corruption)\b/i,
    /\b(?:lost|loses?|deleted|deletes|corrupt(?:s|ed)?|overwrit(?:es|ten)) (?:\w{1,20} ){0,2}(?:data|files?|database|records|rows)\b/i,
  ],
  regression: [
    /\bregression\b/i,
    /\b(?:used to|previously|before) work/i,
    /\bworked (?:fine )?(?:in|with|before|until)\b/i,
    /\b(?:since|after) (?:upgrad|updat)(?:e|ing)\b/i,
  ],
  crash: [
    /\bcrash(?:es|ed|ing)?\b/i,
    /\bsegmentation fault\b|\bsegfault\b|\bsigsegv\b/i,
    /\bcore dumped\b/i,
    /\bpanic:/i,
    /\bout of memory\b|\bOOM(?:Killed)?\b/,
    /\bfatal error\b/i,
  ],
};

const MOST_BODY = 20_000;

export interface Severity {
  readonly hints: readonly Hint[];
  /** Two signs of a security report, or one in the title. Its text is never repeated. */
  readonly likelySecurityReport: boolean;
}

/** Hints about urgent issues, from words only. They are not verdicts. */
export function severityOf({ title, body }: IssueText): Severity {
  const text = body.slice(0, MOST_BODY);
  const signs = (hint: Hint, of: string) => SIGNS[hint].filter((sign) => sign.test(of)).length;
  const hints = HINTS.filter((hint) => signs(hint, `${title}\n${text}`) > 0);
  return { hints, likelySecurityReport: signs("security", title) > 0 || signs("security", text) > 1 };
}
