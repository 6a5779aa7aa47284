/** The largest page that GitHub gives. */
export const LARGEST_PAGE = 100;

/** What a list of things costs at the least: connections that are read of each, and how many there are in each place. */
export interface Listed {
  /** Connections inside each thing. */
  readonly nested: number;
  /** Things by place: the pull requests of each repository. */
  readonly counts: readonly number[];
}

export interface Floor {
  readonly points: number;
  readonly requests: number;
}

/**
 * The points below which no reading of an entity can get at the largest page:
 * Σ max(1, round((1 + nested connections × page) / 100)), over the pages of every place. A place with nothing in it need
 * not be read. More requests with smaller pages can save points by rounding: see `tradeOf`.
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

/** Both ends of the trade: the page that costs the fewest points a thing, and the page that takes the fewest requests. */
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
