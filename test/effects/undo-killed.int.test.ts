import { expect, test } from "vitest";
import { withDatabase } from "../support/database.js";
import { runUndo } from "./undo-run.js";

const database = await withDatabase();

/** `npm run bench -- undo` does the same with 5,000 effects. */
test("an undo that is killed repeatedly undoes each effect once, and no person's change", async () => {
  expect(await runUndo(database, { effects: 120, touched: 12, kills: 5 })).toEqual({
    planted: 120,
    touched: 12,
    takenBack: 108,
    lost: 0,
    standing: 0,
    doubled: 0,
    kills: 5,
  });
}, 240_000);
