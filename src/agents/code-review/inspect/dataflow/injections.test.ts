import { afterAll, describe, expect, it } from "vitest";
import { findIn, givenChange, linesOf, unmark } from "../../given.js";
import { openInspector } from "../child-process.js";

const inspector = openInspector();
afterAll(() => inspector.close());

async function compare(rule: string, path: string, given: string) {
  const { text, lines: expected } = unmark(given);
  return { found: await linesOf(inspector, rule, { path, after: text }), expected };
}

describe("follows the text of a query", () => {
  it.each([
    [
      "a format in Go",
      "a.go",
      "package a\n\nfunc f(db *sql.DB, n string) {\n▶\tq := fmt.Sprintf(\"SELECT a FROM t WHERE n = '%s'\", n)\n\tdb.Query(q)\n}\n",
    ],
    [
      "a sum in Go",
      "a.go",
      'package a\n\nfunc f(db *sql.DB, n string) {\n\tq := "SELECT a FROM t WHERE n = "\n▶\tq += n\n\tdb.QueryRowContext(ctx, q)\n}\n',
    ],
    [
      "other calls of Go",
      "a.go",
      'package a\n\nfunc f(db DB, n string) {\n▶\tdb.QueryOne(&x, "SELECT a FROM t WHERE n = \'" + n + "\'")\n▶\tdb.ExecEx(ctx, "DELETE FROM t WHERE n = \'" + n + "\'", nil)\n}\n',
    ],
    [
      "a constant of TypeScript",
      "a.ts",
      "export const f = (n: string) => {\n▶  const query = `SELECT a FROM t WHERE n = '${n}'`;\n  return client.query(query);\n};\n",
    ],
    [
      "a query with options",
      "a.ts",
      "export const f = (n: string) =>\n▶  client.query({ text: `SELECT a FROM t WHERE n = '${n}'`, values: [] });\n",
    ],
    [
      "concat",
      "a.ts",
      'export const f = (n: string) =>\n▶  client.query("SELECT a FROM t WHERE n = \'".concat(n, "\'"));\n',
    ],
    [
      "a list that is joined",
      "a.ts",
      'export const f = (n: string) =>\n▶  client.query(["SELECT a FROM t", "WHERE n =", n].join(" "));\n',
    ],
    [
      "a choice",
      "a.ts",
      "export const f = (n: string, all: boolean) => {\n▶  const q = all ? \"SELECT a FROM t\" : `SELECT a FROM t WHERE n = '${n}'`;\n  db.all(q);\n};\n",
    ],
    [
      "a sum in Python",
      "a.py",
      'def f(cur, n):\n▶    q = "SELECT a FROM t WHERE n = \'" + n + "\'"\n    cur.execute(q)\n',
    ],
    [
      "+= in Python",
      "a.py",
      'def f(cur, n):\n    q = "SELECT a FROM t WHERE 1 = 1"\n▶    q += " AND n = \'%s\'" % n\n    cur.execute(q)\n',
    ],
    [
      "format in Python",
      "a.py",
      "def f(cur, n):\n    form = \"SELECT a FROM t WHERE n = '{}'\"\n▶    cur.execute(form.format(n))\n",
    ],
    [
      "a table that a request names",
      "a.py",
      'def f(cur):\n▶    cur.execute("SELECT a FROM " + request.args["table"])\n',
    ],
  ])("%s", async (_name, path, given) => {
    const { found, expected } = await compare("sql-injection", path, given);
    expect(found).toEqual(expected);
  });

  it.each([
    [
      "a constant of Go",
      "a.go",
      'package a\n\nfunc f(db *sql.DB) {\n\tconst id = "1"\n\tdb.Query("SELECT a FROM t WHERE n = " + id)\n}\n',
    ],
    [
      "a number",
      "a.go",
      'package a\n\nfunc f(db *sql.DB, id int) {\n\tdb.Query("SELECT a FROM t WHERE n = " + strconv.Itoa(id))\n\tdb.Query(fmt.Sprintf("SELECT a FROM t LIMIT %d", id))\n}\n',
    ],
    [
      "a number of TypeScript",
      "a.ts",
      "export const f = (id: number) => db.query(`SELECT a FROM t WHERE n = ${id}`);\n",
    ],
    ["a constant in capitals", "a.ts", "db.query(`SELECT a FROM t LIMIT ${MOST_ROWS}`);\n"],
    [
      "placeholders",
      "a.ts",
      'export const f = (ids: string[]) => {\n  const marks = ids.map(() => "?").join(",");\n  db.all(`SELECT a FROM t WHERE n IN (${marks})`, ids);\n};\n',
    ],
    ["a parameter", "a.py", 'def f(cur, n):\n    q = "SELECT a FROM t WHERE n = %s"\n    cur.execute(q, (n,))\n'],
    ["a table of the program", "a.py", 'def f(cur, table):\n    cur.execute(f"SELECT a FROM {table}")\n'],
    [
      "a variable of another function",
      "a.ts",
      "const f = (n: string) => { const q = `SELECT a FROM t WHERE n = '${n}'`; return q.length; };\nconst g = (q: string) => db.query(q);\n",
    ],
    [
      "one that was set anew",
      "a.ts",
      "export const f = (n: string) => {\n  let q = `SELECT a FROM t WHERE n = '${n}'`;\n  log(q);\n  q = \"SELECT 1 FROM t\";\n  db.query(q);\n};\n",
    ],
    ["a tagged template", "a.ts", "export const f = (n: string) => db.execute(sql`SELECT a FROM t WHERE n = ${n}`);\n"],
    ["a log line", "a.ts", "export const f = (n: string) => logger.info(`SELECT a FROM t WHERE n = '${n}'`);\n"],
  ])("%s is none", async (_name, path, given) => {
    expect((await compare("sql-injection", path, given)).found).toEqual([]);
  });
});

describe("a command line is followed", () => {
  it.each([
    ["a variable of Python", "a.py", 'def f(x):\n▶    cmd = f"git log {x}"\n    os.system(cmd)\n'],
    ["a shell in a list", "a.py", 'def f(x):\n▶    subprocess.run(["sh", "-c", f"ls {x}"])\n'],
    ["asyncio", "a.py", 'async def f(x):\n▶    await asyncio.create_subprocess_shell(f"ls {x}")\n'],
    ["spawn of a shell", "a.ts", 'export const f = (x: string) =>\n▶  spawn("sh", ["-c", `ls ${x}`]);\n'],
    [
      "spawn with a shell",
      "a.ts",
      'export const f = (x: string) =>\n▶  spawn(`ls ${x}`, { shell: true });\n▶execFileSync("/bin/bash", ["-lc", "ls " + process.argv[2]]);\n',
    ],
    [
      "a variable of a script",
      "a.ts",
      'export const f = (x: string) => {\n▶  const command = "ls " + x;\n  execSync(command, { stdio: "inherit" });\n};\n',
    ],
    ["what the command line said", "a.py", "def f():\n    args = parser.parse_args()\n▶    os.system(args.command)\n"],
    [
      "Go",
      "a.go",
      'package a\n\nfunc f(x string) {\n▶\tc := fmt.Sprintf("ls %s", x)\n\texec.Command("bash", "-c", c).Run()\n}\n',
    ],
  ])("%s", async (_name, path, given) => {
    const { found, expected } = await compare("shell-injection", path, given);
    expect(found).toEqual(expected);
  });

  it.each([
    [
      "a constant of the program",
      "a.ts",
      "execSync(`make -j${JOB_COUNT}`);\nconst jobs = 4;\nexecSync(`make -j${jobs}`);\n",
    ],
    ["a list without a shell", "a.ts", 'export const f = (x: string) => spawn("git", ["log", x]);\n'],
    [
      "a list without a shell in Python",
      "a.py",
      'def f(x):\n    subprocess.run(["git", "log", x])\n    subprocess.run(f"ls {x}")\n',
    ],
    ["quoted", "a.py", 'def f(x):\n    os.system("ls " + shlex.quote(x))\n'],
    ["a regular expression", "a.ts", "export const f = (x: string) => /a/.exec(`ls ${x}`);\n"],
  ])("%s is none", async (_name, path, given) => {
    expect((await compare("shell-injection", path, given)).found).toEqual([]);
  });
});

it("is reported at the call when only the call is new", async () => {
  const before = "export const f = (n: string) => {\n  const q = `SELECT a FROM t WHERE n = '${n}'`;\n  log(q);\n};\n";
  const change = givenChange([{ path: "a.ts", before, after: before.replace("log(q)", "db.query(q)") }]);
  expect((await findIn(inspector, change)).map(({ rule, line }) => [rule, line])).toEqual([["sql-injection", 3]]);
});

it("reads a program of many dependent variables within the time limit", async () => {
  const chain = Array.from(
    { length: 400 },
    (_, i) => `  const v${i} = ${i === 0 ? "n" : `v${i - 1} + v${i - 1} + (a ? v${i - 1} : v${i - 1})`};`,
  );
  const after = `export const f = (n: string, a: boolean) => {\n${chain.join("\n")}\n  db.query("SELECT a FROM t WHERE b = '" + v399 + "'");\n};\n`;
  expect((await compare("sql-injection", "a.ts", after)).found).toEqual([402]);
});
