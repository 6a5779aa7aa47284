import { z } from "zod";
import { globProblem, LONGEST_GLOB } from "../agents/glob.js";

/** The most globs in one list, because a review matches each path of a large change against them. */
const MOST_GLOBS = 200;
const glob = z
  .string()
  .min(1)
  .max(LONGEST_GLOB)
  .superRefine((pattern, context) => {
    const problem = pattern.length > LONGEST_GLOB ? null : globProblem(pattern);
    if (problem !== null) context.addIssue({ code: "custom", message: problem });
  });

/** A list of globs that every review can use: the settings refuse what a run would refuse. */
export const globList = z.array(glob).max(MOST_GLOBS);
/** A list of names: labels, logins, owners. */
export const nameList = z.array(z.string().max(200)).max(MOST_GLOBS);
