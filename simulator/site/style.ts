/** The simulated site's own look: near enough to GitHub that a review is read where its author would read it. */
export const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d1d9e0, #3d444d); --soft: light-dark(#f6f8fa, #151b23); --muted: light-dark(#59636e, #9198a1); }
body { margin: 0; font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; background: light-dark(#fff, #0d1117); color: light-dark(#1f2328, #f0f6fc); }
header { padding: 12px 24px; background: var(--soft); border-bottom: 1px solid var(--line); color: var(--muted); }
header b { color: light-dark(#1f2328, #f0f6fc); }
main { max-width: 920px; margin: 24px auto; padding: 0 16px; }
h1 { font-weight: 400; font-size: 26px; margin: 0 0 8px; } h2 { font-size: 16px; }
a { color: light-dark(#0969da, #4493f8); text-decoration: none; }
.muted { color: var(--muted); } .pill { display: inline-block; padding: 3px 10px; border-radius: 2em; color: #fff; background: #1f883d; font-weight: 500; }
.pill.merged { background: #8250df; } .pill.closed { background: #cf222e; } .label { border: 1px solid var(--line); border-radius: 2em; padding: 0 7px; font-size: 12px; }
.box { border: 1px solid var(--line); border-radius: 6px; margin: 16px 0; overflow: hidden; }
.box > .top { padding: 8px 16px; background: var(--soft); border-bottom: 1px solid var(--line); } .box > .body { padding: 12px 16px; overflow-wrap: anywhere; }
.bot { border: 1px solid var(--line); border-radius: 2em; padding: 0 6px; font-size: 12px; color: var(--muted); }
pre { margin: 0; font: 12px/20px ui-monospace, Menlo, "Liberation Mono", monospace; white-space: pre-wrap; } code { font: 12px ui-monospace, Menlo, "Liberation Mono", monospace; background: #818b981f; padding: 2px 4px; border-radius: 6px; }
.diff pre { padding: 0 16px; } .diff .add { background: light-dark(#dafbe1, #2ea04326); } .diff .del { background: light-dark(#ffebe9, #f851491a); } .diff .at { background: light-dark(#ddf4ff, #388bfd1a); color: var(--muted); }
.check { padding: 8px 16px; border-top: 1px solid var(--line); } .good { color: light-dark(#1a7f37, #3fb950); } .bad { color: light-dark(#d1242f, #f85149); } .hit { background: light-dark(#fff8c5, #bb800926); }
`;
