import { base, line, main, second, squash, type Scripted } from "../script.js";

/** How changes come: squashed, merged, rebased, straight. */
export const CHANGES: readonly Scripted[] = [
  {
    name: "first deployment: nothing is guessed",
    figures: { production: line(1, "-") },
    play(w) {
      w.c("a", "", 0);
      w.push("", "a", 0);
      main(w, "b", "a", 1);
      squash(w, 1, "b", ["x", 1], ["m", 2]);
      w.d(1, "production", "m", 4);
    },
  },
  {
    name: "squash of one commit",
    figures: { production: line(2, "6/6(1)") },
    play(w) {
      base(w);
      squash(w, 1, "a", ["x", 2], ["m", 5]);
      w.d(2, "production", "m", 8);
    },
  },
  {
    name: "squash of three commits",
    figures: { production: line(2, "10/10(1)") },
    play(w) {
      base(w);
      w.c("x1", "a", 2);
      w.c("x2", "x1", 3);
      w.c("x3", "x2", 4);
      w.push("", "x1 x2 x3", 4, "topic-1");
      main(w, "m", "a", 10);
      w.pr(1, { head: "x3", merge: "m", at: 10, commits: 3 });
      w.d(2, "production", "m", 12);
    },
  },
  {
    name: "squash whose commits are in no delivery",
    figures: { production: line(2, "-", "nocommit=1") },
    play(w) {
      base(w);
      main(w, "m", "a", 10);
      w.pr(1, { head: "x", merge: "m", at: 10, commits: 2 });
      w.d(2, "production", "m", 12);
    },
  },
  {
    name: "merge commit of two commits",
    figures: { production: line(2, "5/5(1)") },
    play(w) {
      base(w);
      w.c("x1", "a", 2);
      w.c("x2", "x1", 4);
      w.push("", "x1 x2", 4, "topic-1");
      w.c("m", "a x2", 6);
      w.push("a", "x1 x2 m", 6);
      w.pr(1, { head: "x2", merge: "m", at: 6, commits: 2 });
      w.d(2, "production", "m", 7);
    },
  },
  {
    name: "rebase of two commits",
    figures: { production: line(2, "7/7(1)") },
    play(w) {
      base(w);
      w.c("x1", "a", 2);
      w.c("x2", "x1", 3);
      w.push("", "x1 x2", 3, "topic-1");
      w.c("r1", "a", 6, { by: 2 });
      w.c("r2", "r1", 6, { by: 3 });
      w.push("a", "r1 r2", 6);
      w.pr(1, { head: "x2", merge: "r2", at: 6, commits: 2 });
      w.d(2, "production", "r2", 9);
    },
  },
  {
    name: "rebase whose branch is in no delivery",
    figures: { production: line(2, "7/7(1)") },
    play(w) {
      base(w);
      w.c("r1", "a", 6, { by: 2 });
      w.c("r2", "r1", 6, { by: 3 });
      w.push("a", "r1 r2", 6);
      w.pr(1, { head: "x2", merge: "r2", at: 6, commits: 2 });
      w.d(2, "production", "r2", 9);
    },
  },
  {
    name: "a fast-forward of a branch",
    figures: { production: line(2, "4/4(1)") },
    play(w) {
      base(w);
      w.c("x", "a", 2);
      w.push("", "x", 2, "topic-1");
      w.push("a", "x", 5);
      w.pr(1, { head: "x", merge: "x", at: 5 });
      w.d(2, "production", "x", 6);
    },
  },
  {
    name: "a commit without a pull request",
    figures: { production: line(2, "2/2(1)") },
    play(w) {
      base(w);
      main(w, "b", "a", 3);
      w.d(2, "production", "b", 5);
    },
  },
  {
    name: "two deployments of one commit each",
    figures: { production: line(3, "1/6(2)") },
    play(w) {
      second(w);
      main(w, "c", "b", 4);
      w.d(3, "production", "c", 10);
    },
  },
  {
    name: "five commits in one deployment",
    figures: { production: line(2, "6/8(5)") },
    play(w) {
      base(w);
      for (const [name, parent, at] of [
        ["b", "a", 2],
        ["c", "b", 3],
        ["d", "c", 4],
        ["e", "d", 5],
        ["f", "e", 6],
      ] as const)
        main(w, name, parent, at);
      w.d(2, "production", "f", 10);
    },
  },
];
