import { base, line, main, type Scripted } from "../script.js";

/** Environments and services. */
export const PLACES: readonly Scripted[] = [
  {
    name: "two environments",
    figures: { production: line(2, "5/5(1)"), staging: line(2, "1/1(1)") },
    play(w) {
      base(w, "staging");
      main(w, "b", "a", 2);
      w.d(3, "staging", "b", 3);
      w.d(4, "production", "b", 7);
    },
  },
  {
    name: "a rollback in one of two environments",
    figures: { production: line(1, "-"), staging: line(3, "1/1(1)", "fail=1/3[3] recover=1(1) rework=1/3") },
    play(w) {
      base(w, "staging");
      main(w, "b", "a", 2);
      w.d(3, "staging", "b", 3);
      w.d(4, "staging", "a", 4);
    },
  },
  {
    name: "an environment that is written in two ways",
    figures: { production: line(2, "1/1(1)") },
    play(w) {
      base(w);
      main(w, "b", "a", 2);
      w.d(2, "Production", "b", 3);
    },
  },
  {
    name: "monorepo: a deployment of two services",
    services: { api: "api/**", web: "web/**" },
    figures: { "api production": line(2, "3/3(1)"), "web production": line(2, "2/2(1)") },
    play(w) {
      base(w);
      main(w, "b", "a", 2, { files: ["api/x.ts"] });
      main(w, "c", "b", 3, { files: ["web/y.ts"] });
      w.d(2, "production", "c", 5);
    },
  },
  {
    name: "monorepo: a deployment that changes one service",
    services: { api: "api/**", web: "web/**" },
    figures: { "api production": line(2, "2/2(1)"), "web production": line(1, "-") },
    play(w) {
      base(w);
      main(w, "b", "a", 2, { files: ["api/x.ts"] });
      w.d(2, "production", "b", 4);
    },
  },
  {
    name: "monorepo: deployments that name their service",
    services: { api: "api/**", web: "web/**" },
    figures: { "api production": line(3, "1/1(1)"), "web production": line(1, "-") },
    play(w) {
      w.c("a", "", 0);
      w.push("", "a", 0);
      w.d(1, "production", "a", 1, { payload: { service: "api" } });
      w.d(2, "production", "a", 1, { payload: { service: "web" } });
      main(w, "b", "a", 2, { files: ["api/x.ts"] });
      w.d(3, "production", "b", 3, { payload: { service: "api" } });
      main(w, "c", "b", 4, { files: ["web/y.ts"] });
      w.d(4, "production", "c", 6, { payload: { service: "api" } });
    },
  },
  {
    name: "monorepo: a rollback of one service",
    services: { api: "api/**", web: "web/**" },
    figures: {
      "api production": line(3, "2/2(1)", "fail=1/3[2] recover=1(1) rework=1/3"),
      "web production": line(1, "-"),
    },
    play(w) {
      base(w);
      main(w, "b", "a", 2, { files: ["api/x.ts"] });
      w.d(2, "production", "b", 4);
      w.d(3, "production", "a", 5);
    },
  },
];
