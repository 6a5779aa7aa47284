import { base, id, line, main, picked, second, squash, type Scripted } from "../script.js";
import { shaOf } from "../world.js";

/** Hotfixes, and cherry-picks to releases. */
export const HOTFIXES: readonly Scripted[] = [
  {
    name: "a hotfix by its label",
    figures: { production: line(3, "1/2(2)", "fail=1/3[2] recover=3(1) rework=1/3") },
    play(w) {
      second(w);
      squash(w, 1, "b", ["x", 4], ["m", 5], { labels: ["hotfix"] });
      w.d(3, "production", "m", 6);
    },
  },
  {
    name: "a hotfix by the branch of its pull request",
    figures: { production: line(3, "2/3(2)", "fail=1/3[2] recover=4(1) rework=1/3") },
    play(w) {
      base(w);
      main(w, "b", "a", 2);
      w.d(2, "production", "b", 4);
      squash(w, 1, "b", ["x", 5], ["m", 6], { ref: "hotfix/x" });
      w.d(3, "production", "m", 8);
    },
  },
  {
    name: "a hotfix by the branch that is deployed",
    figures: { production: line(3, "1/1(2)", "fail=1/3[2] recover=2(1) rework=1/3") },
    play(w) {
      second(w);
      main(w, "c", "b", 4);
      w.d(3, "production", "c", 5, { ref: "hotfix/now" });
    },
  },
  {
    name: "a hotfix by its payload",
    figures: { production: line(3, "1/1(2)", "fail=1/3[2] recover=2(1) rework=1/3") },
    play(w) {
      second(w);
      main(w, "c", "b", 4);
      w.d(3, "production", "c", 5, { payload: { hotfix: true } });
    },
  },
  {
    name: "a payload that says that it is no hotfix",
    figures: { production: line(3, "1/1(2)") },
    play(w) {
      second(w);
      main(w, "c", "b", 4);
      w.d(3, "production", "c", 5, { payload: { hotfix: false } });
    },
  },
  {
    name: "a hotfix that names the deployment that it fixes",
    figures: { production: line(4, "1/1(3)", "fail=1/4[2] recover=4(1) rework=1/4") },
    play(w) {
      second(w);
      main(w, "c", "b", 4);
      w.d(3, "production", "c", 5);
      main(w, "e", "c", 6);
      w.d(4, "production", "e", 7, { payload: { fixes: id(2) } });
    },
  },
  {
    name: "a hotfix that names the commit that it fixes",
    figures: { production: line(4, "1/1(3)", "fail=1/4[2] recover=4(1) rework=1/4") },
    play(w) {
      second(w);
      main(w, "c", "b", 4);
      w.d(3, "production", "c", 5);
      main(w, "e", "c", 6);
      w.d(4, "production", "e", 7, { payload: { fixes: shaOf("b").slice(0, 10) } });
    },
  },
  {
    name: "a hotfix after the window",
    figures: { production: line(3, "1/1(2)", "rework=1/3") },
    play(w) {
      second(w);
      main(w, "c", "b", 200);
      w.d(3, "production", "c", 201, { payload: { hotfix: true } });
    },
  },
  {
    name: "a hotfix on an old branch, merged back",
    figures: { production: line(4, "1/1(3)", "fail=1/4[2] recover=2(1) rework=1/4") },
    play(w) {
      second(w);
      w.c("h", "a", 4);
      w.push("", "h", 4, "hotfix/h");
      w.d(3, "production", "h", 5, { ref: "hotfix/h" });
      w.c("m", "b h", 6);
      w.push("b", "h m", 6);
      w.d(4, "production", "m", 7);
    },
  },
  {
    name: "a cherry-pick, then its original",
    figures: { production: line(3, "3/3(1)") },
    play(w) {
      base(w);
      main(w, "b", "a", 2);
      w.c("p", "a", 4, { by: 2, message: picked("b") });
      w.push("", "p", 4, "release");
      w.d(2, "production", "p", 5, { ref: "release" });
      w.d(3, "production", "b", 9);
    },
  },
  {
    name: "a cherry-pick of a pull request",
    figures: { production: line(3, "4/4(1)") },
    play(w) {
      base(w);
      squash(w, 1, "a", ["x", 2], ["m", 4]);
      w.c("p", "a", 5, { by: 4, message: picked("m") });
      w.push("", "p", 5, "release");
      w.d(2, "production", "p", 6, { ref: "release" });
      w.d(3, "production", "m", 8);
    },
  },
];
