import { afterAll, expect, it } from "vitest";
import { findIn, givenChange, linesOf, unmark } from "../given.js";
import { openInspector } from "../inspect/child-process.js";

const inspector = openInspector();
afterAll(() => inspector.close());

it.each([
  ["a.ts", 'f();\n▶debugger;\n▶if (x) debugger\nconst debuggerOn = "debugger"; // debugger;\n'],
  ["a.tsx", "const A = () => {\n▶  debugger;\n  return <p>debugger;</p>;\n};\n"],
  ["e2e.spec.js", "▶await page.pause();\n▶cy.debug();\nlogger.debug();\nplayer.pause();\n"],
  [
    "a.py",
    "▶breakpoint()\n▶import pdb; pdb.set_trace()\n▶from ipdb import set_trace\n▶set_trace()\n▶__import__('pdb').set_trace()\n",
  ],
  ["a.py", "x = 'breakpoint()'\n# pdb.set_trace()\nself.breakpoint()\nimport pdb_tools\n"],
  ["e2e.spec.ts", "▶await this.page.pause();\n▶await loginPage.page.pause();\nvideo.pause();\nthis.stream.pause();\n"],
  [
    "a.py",
    "▶import pdb as db\n▶from debugpy import wait_for_client\n▶import web_pdb\n▶web_pdb.set_trace()\n▶rpdb.set_trace()\n▶IPython.embed()\n▶from celery.contrib.rdb import set_trace\n▶rdb.set_trace()\n",
  ],
  ["a.go", "package a\n\nfunc f() {\n▶\truntime.Breakpoint()\n\t// runtime.Breakpoint()\n}\n"],
])("%s: %s", async (path, given) => {
  const { text, lines } = unmark(given);
  expect(await linesOf(inspector, "debugger-statement", { path, after: text })).toEqual(lines);
});

it.each([
  ["a.ts", "f();\n  debugger;\n", ""],
  ["a.ts", "if (x)\n  debugger;\n", null],
  ["a.py", "if x:\n    breakpoint()\n", null],
  ["a.py", "if x:\n    f()\n    breakpoint()\n", ""],
  ["a.go", "package a\nfunc f() {\n\truntime.Breakpoint()\n}\n", ""],
])("suggests to remove the line only where the code stands without it: %s %s", async (path, after, replacement) => {
  const [finding] = await findIn(inspector, givenChange([{ path, after }]));
  expect(finding).toMatchObject({ rule: "debugger-statement", replacement });
});
