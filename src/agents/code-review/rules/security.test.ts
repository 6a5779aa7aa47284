import { afterAll, expect, it } from "vitest";
import { linesOf, unmark } from "../given.js";
import { openInspector } from "../inspect/child-process.js";

const inspector = openInspector();
afterAll(() => inspector.close());

it.each([
  [
    "tls-verification-disabled",
    "a.ts",
    '▶const agent = new Agent({ rejectUnauthorized: false });\n▶process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";\n▶process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = 0;\nconst s = "rejectUnauthorized: false";\nnew Agent({ rejectUnauthorized: true });\n',
  ],
  [
    "tls-verification-disabled",
    "a.py",
    "▶requests.get(url, verify=False)\n▶ctx.verify_mode = ssl.CERT_NONE\n▶ctx.check_hostname = False\n▶c = httpx.AsyncClient(verify=False)\nvalidate(x, verify=False)\nrequests.get(url, verify=True)\n",
  ],
  [
    "tls-verification-disabled",
    "a.go",
    "package a\n\n▶var c = &tls.Config{InsecureSkipVerify: true}\nfunc f() {\n▶\tc.InsecureSkipVerify = true\n\tc.InsecureSkipVerify = false\n}\n",
  ],
  ["tls-verification-disabled", "test/a.test.ts", "new Agent({ rejectUnauthorized: false });\n"],
  [
    "sql-injection",
    "a.ts",
    '▶db.query(`SELECT a FROM t WHERE id = ${id}`);\n▶db.query("DELETE FROM t WHERE id = " + id);\n▶db.query("DELETE FROM t WHERE id = (" + this.id + ")");\ndb.query(sql`SELECT a FROM t WHERE id = ${id}`);\ndb.query("SELECT a FROM t WHERE id = $1", [id]);\ndb.query("SELECT a " + "FROM t");\nlog(`update ${x} set`);\n',
  ],
  [
    "sql-injection",
    "a.py",
    "▶cur.execute(f'SELECT a FROM t WHERE id = {id}')\n▶cur.execute('SELECT a FROM t WHERE id = %s' % id)\n▶cur.execute(\"DELETE FROM t WHERE id = {}\".format(id))\ncur.execute('SELECT a FROM t WHERE id = %s', (id,))\nprint(f'select {a} from {b}')\n",
  ],
  [
    "sql-injection",
    "a.go",
    'package a\n\nfunc f() {\n▶\tdb.Query(fmt.Sprintf("SELECT a FROM t WHERE id = %s", id))\n▶\tdb.Exec("DELETE FROM t WHERE id = " + id)\n\tdb.Query("SELECT a FROM t WHERE id = $1", id)\n}\n',
  ],
  [
    "sql-injection",
    "b.ts",
    'db.query(`SELECT ${COLUMNS} FROM ${table} WHERE ${byId ? "id = $1" : "n = $1"} LIMIT ${MOST}`);\ndb.query(`SELECT a FROM t WHERE id IN (${ids.map(() => "?").join()})`);\n▶db.query(`SELECT a FROM t LIMIT ${limit}`);\n',
  ],
  [
    "shell-injection",
    "a.ts",
    '▶exec(`rm -rf ${dir}`);\n▶child_process.execSync("ls " + dir);\nexecFile("ls", [dir]);\nexec("ls -l");\nre.exec(`a${b}`);\nexec("a" + "b");\n',
  ],
  [
    "shell-injection",
    "a.py",
    "▶os.system(f'rm {x}')\n▶subprocess.run('ls ' + x, shell=True)\nsubprocess.run(['ls', x])\nsubprocess.run('ls', shell=True)\n",
  ],
  [
    "shell-injection",
    "a.go",
    'package a\n\nfunc f() {\n▶\texec.Command("sh", "-c", fmt.Sprintf("ls %s", d))\n▶\texec.Command("bash", "-c", "ls "+d)\n\texec.Command("ls", d)\n}\n',
  ],
  [
    "swallowed-error",
    "a.ts",
    "try { f(); }\n▶catch {}\ntry { f(); } catch { /* gone already */ }\n▶p.catch(() => {});\np.catch(log);\n",
  ],
  [
    "swallowed-error",
    "fallback.ts",
    "function f() {\n  try { return g(); } catch {}\n  return null;\n}\nlet m;\nif (o) { try { m = load(); } catch {} }\nm ??= other();\nfunction h() {\n  try { return g(); }\n▶  catch {}\n}\ntry { g(); m = 1; }\n▶catch {}\nk();\n",
  ],
  [
    "swallowed-error",
    "explained.ts",
    "p.catch(() => {}); // the reader reports it\n// the reader reports it\nq.catch(() => {});\nw.abort(1).catch(() => {});\n▶w.write(1).catch(() => {});\n",
  ],
  [
    "swallowed-error",
    "a.py",
    "try:\n    f()\n▶except Exception:\n    pass\ntry:\n    g()\nexcept KeyError:\n    pass\ntry:\n    h()\n▶except:\n    ...\n",
  ],
  [
    "swallowed-error",
    "a.go",
    "package a\n\nfunc f() {\n▶\tif err != nil {\n\t}\n\tif err != nil {\n\t\treturn\n\t}\n}\n",
  ],
])("%s in %s: %s", async (rule, path, given) => {
  const { text, lines } = unmark(given);
  expect(
    await linesOf(inspector, rule, { path, after: text }, { review: { rules: { "swallowed-error": "notice" } } }),
  ).toEqual(lines);
});
