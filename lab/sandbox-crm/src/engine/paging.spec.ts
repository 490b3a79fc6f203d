import { describe, expect, it } from '@jest/globals';
import { paginate } from './paging.js';

describe('a page of a list', () => {
  const rows = Array.from({ length: 45 }, (_, index) => ({ id: index + 1 }));
  const ids = (input: { limit?: number; page?: number }): (number | undefined)[] => {
    const { rows: of } = paginate(rows, input);
    return [of[0]?.id as number | undefined, of.at(-1)?.id as number | undefined, of.length];
  };

  it('has all rows of its place, twenty unless another number is asked for', () => {
    expect([ids({}), ids({ page: 2 }), ids({ page: 3 }), ids({ page: 4 })]).toEqual([
      [1, 20, 20],
      [21, 40, 20],
      [41, 45, 5],
      [undefined, undefined, 0],
    ]);
    expect(ids({ limit: 50 })).toEqual([1, 45, 45]);
    expect(paginate(rows, { page: 2 }).pagination).toEqual({ limit: 20, totalCount: 45, currentPage: 2, totalPageCount: 3 });
  });
});
