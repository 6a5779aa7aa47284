import pc from "picocolors";

const LEVELS: Readonly<Record<number, string>> = {
  10: "TRACE",
  20: "DEBUG",
  30: "INFO",
  40: "WARN",
  50: "ERROR",
  60: "FATAL",
};
/** Written by pino; the process is the reader's own. */
const HIDDEN = new Set(["level", "time", "pid", "hostname", "msg", "component", "err"]);

/** A JSON line of the log as a person reads it: time, level, component, message, fields; below it the error's stack. */
export function prettyLine(line: string, colour: boolean): string {
  const entry = parse(line);
  if (entry === null) return line;
  const { level, time, msg, component, err } = entry;
  const colours = pc.createColors(colour);
  const paint = Number(level) >= 50 ? colours.red : Number(level) >= 40 ? colours.yellow : colours.cyan;
  const fields = Object.entries(entry)
    .filter(([name]) => !HIDDEN.has(name))
    .map(
      ([name, value]) => `${name}=${typeof value === "string" && /^\S+$/.test(value) ? value : JSON.stringify(value)}`,
    );
  const head = [
    colours.dim(typeof time === "string" ? time.slice(11, 23) : ""),
    paint((LEVELS[Number(level)] ?? String(level)).padEnd(5)),
    typeof component === "string" ? `[${component}]` : "",
    colours.bold(typeof msg === "string" ? clean(msg) : ""),
    colours.dim(clean(fields.join(" "))),
  ];
  return `${head.filter((part) => part !== "").join(" ")}\n${stackOf(err)}`;
}

function parse(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : null;
  } catch {
    return null;
  }
}

function stackOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "";
  const text = "stack" in error ? error.stack : "message" in error ? error.message : JSON.stringify(error);
  return `${String(text)
    .split("\n")
    .map((each) => `  ${clean(each)}`)
    .join("\n")}\n`;
}

/** Text of GitHub's in a message must not steer the terminal. */
function clean(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, "\uFFFD");
}
