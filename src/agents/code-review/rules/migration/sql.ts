/** A statement of an SQL file: comments and quoted text are blank; offsets are those of the file. */
export interface Statement {
  readonly text: string;
  readonly offset: number;
}

const TOKEN = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$|;/g;
const DOWN = /^\s*--\s*(?:\+goose\s+Down|\+migrate\s+Down|migrate:down|rollback\b|down\b|@down|!downs)/i;
const UP = /^\s*--\s*(?:\+goose\s+Up|\+migrate\s+Up|migrate:up|up\b|@up|!ups)/i;

/** The statements of the upward migration. Statements after a `Down` marker are left out. */
export function statementsOf(sql: string): readonly Statement[] {
  const up = upPart(sql);
  const blank = up.replaceAll(TOKEN, (token) => (token === ";" ? ";" : token.replaceAll(/[^\n]/g, " ")));
  const statements: Statement[] = [];
  let offset = 0;
  for (const text of blank.split(";")) {
    if (text.trim() !== "") statements.push({ text, offset });
    offset += text.length + 1;
  }
  return statements;
}

/** Everything outside of `Down` sections, which become blank so that offsets stay. */
function upPart(sql: string): string {
  let down = false;
  const lines = sql.split("\n").map((line) => {
    if ((down ? UP : DOWN).test(line)) down = !down;
    return down ? " ".repeat(line.length) : line;
  });
  return lines.join("\n");
}

/** The number, from 1, of the line that holds this offset. */
export function lineAt(sql: string, offset: number): number {
  return sql.slice(0, offset).split("\n").length;
}
