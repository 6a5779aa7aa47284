/** The largest page that GitHub gives. */
export const LARGEST_PAGE = 100;

/** The inputs of the minimum cost of a list: nested connections, and the number of items in each parent. */
export interface Listed {
  /** Connections inside each item. */
  readonly nested: number;
  /** The number of items in each parent, such as the pull requests of each repository. */
  readonly counts: readonly number[];
}

export interface Floor {
  readonly points: number;
  readonly requests: number;
}

/**
 * The lower bound of points for reading an entity with the largest page: Σ max(1, round((1 + nested connections × page)
 * / 100)), over the pages of every parent. Empty parents are not read. More requests with smaller pages can save points
 * by rounding: see `tradeOf`.
 */
export function floorOf({ nested, counts }: Listed, page = LARGEST_PAGE): Floor {
  let points = 0;
  let requests = 0;
  for (const count of counts) {
    for (let left = count; left > 0; left -= page) {
      points += pagePoints(nested, Math.min(page, left));
      requests += 1;
    }
  }
  return { points, requests };
}

/** The points of one page of a connection with `nested` connections inside each node. */
export function pagePoints(nested: number, page: number): number {
  return Math.max(1, Math.round((1 + nested * page) / 100));
}

/**
 * Both ends of the trade-off: the page size with the fewest points for each item, and the one with the fewest requests.
 */
export function tradeOf(listed: Listed): {
  readonly points: Floor & { readonly page: number };
  readonly requests: Floor;
} {
  let best = { ...floorOf(listed), page: LARGEST_PAGE };
  for (let page = 1; page < LARGEST_PAGE; page += 1) {
    const floor = floorOf(listed, page);
    if (floor.points < best.points || (floor.points === best.points && floor.requests < best.requests))
      best = { ...floor, page };
  }
  return { points: best, requests: floorOf(listed) };
}
