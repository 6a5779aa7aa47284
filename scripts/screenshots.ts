import { spawn } from "node:child_process";
import { once } from "node:events";
import { findChromium, openBrowser } from "../test/support/browser.js";

/** Makes the README's pictures from the demo: `npx tsx scripts/screenshots.ts`, after `npm run build`. Needs chromium. */
const chromium = findChromium();
if (chromium === null) process.exit(1);

const demo = spawn(process.execPath, [".build/demo/main.js"], { stdio: ["ignore", "ignore", "pipe"] });
let said = "";
demo.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
const ended = once(demo, "exit");

try {
  while (!said.includes("stays up until Ctrl-C")) {
    if (demo.exitCode !== null) throw new Error(`the demo ended early:\n${said}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const [, connect = ""] = /(http:\S+\/connect)/.exec(said) ?? [];
  const [, story = ""] = /story at the dashboard\s+(http:\S+)/.exec(said) ?? [];
  const [, review = ""] = /same pull request\s+(http:\S+)/.exec(said) ?? [];
  const browser = await openBrowser(chromium);
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1 });
  await page.goto(connect);
  await page.goto(story);
  await page.screenshot({ path: "docs/story.png" });
  await page.goto(review);
  for (const folded of await page.locator("details:has(.diff) > summary").all()) await folded.click();
  await page.screenshot({ path: "docs/review.png", clip: { x: 0, y: 0, width: 1280, height: 1100 }, fullPage: true });
  await browser.close();
} finally {
  demo.kill("SIGINT");
  await ended;
}
