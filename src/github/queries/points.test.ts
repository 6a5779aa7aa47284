import { describe, expect, it } from "vitest";
import { GET_PULL_REQUEST_DETAILS } from "./get-pull-request-details.js";
import { GET_REPOSITORY_ISSUES } from "./get-repository-issues.js";
import { GET_REPOSITORY_WITH_PRS } from "./get-repository-with-prs.js";
import { FIRST_OF_ISSUE } from "./issue.js";
import { costOf, pointsOf } from "./points.js";
import { FIRST_OF_PULL_REQUEST } from "./pull-request.js";

const document = (text: string) => ({ name: "TEST", text });

describe("the points of a query", () => {
  it("is GitHub's own example", () => {
    const example = document(`query {
      viewer { repositories(first: 100) { edges { node { id
        issues(first: 50) { edges { node { id labels(first: 60) { edges { node { id } } } } } } } } } }
    }`);
    expect(costOf(example, {})).toMatchObject({ requests: 5_101, points: 51 });
  });

  it("is at least one", () => {
    expect(pointsOf(document("query { viewer { login } }"), {})).toBe(1);
    expect(pointsOf(document("query { viewer { repositories(first: 100) { nodes { id } } } }"), {})).toBe(1);
  });

  it("is rounded, not cut", () => {
    const nested = document(
      "query ($n: Int!) { viewer { repositories(first: $n) { nodes { issues(first: 1) { nodes { id } } } } } }",
    );
    expect(pointsOf(nested, { n: 99 })).toBe(1);
    expect(pointsOf(nested, { n: 148 })).toBe(1);
    expect(pointsOf(nested, { n: 149 })).toBe(2);
  });

  it("takes the sizes from the variables, follows fragments, and reads `last` too", () => {
    const query = document(`query ($n: Int!) { viewer { ...Mine } }
      fragment Mine on User { repositories(last: $n) { nodes { ... on Repository { issues(first: 10) { nodes { id } } } } } }`);
    expect(costOf(query, { n: 20 })).toEqual({ requests: 21, points: 1, nodes: 20 + 200 });
  });

  it("does not charge counted connections", () => {
    const query = document("query { viewer { repositories(first: 100) { nodes { issues { totalCount } } } } }");
    expect(costOf(query, {}).requests).toBe(1);
  });

  it("is five for a hundred pull requests and two for a hundred issues", () => {
    const page = { repositoryId: "R", pageSize: 100, cursor: null };
    expect(pointsOf(GET_REPOSITORY_WITH_PRS, { ...page, ...FIRST_OF_PULL_REQUEST })).toBe(5);
    expect(pointsOf(GET_REPOSITORY_ISSUES, { ...page, ...FIRST_OF_ISSUE })).toBe(2);
  });

  it("grows with the ids that are looked up", () => {
    const ids = (count: number) => Array.from({ length: count }, (_, index) => `PR_${index}`);
    expect(pointsOf(GET_PULL_REQUEST_DETAILS, { ids: ids(1), ...FIRST_OF_PULL_REQUEST })).toBe(1);
    expect(pointsOf(GET_PULL_REQUEST_DETAILS, { ids: ids(100), ...FIRST_OF_PULL_REQUEST })).toBe(5);
  });
});
