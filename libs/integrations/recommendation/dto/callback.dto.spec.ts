import { describe, expect, it } from '@jest/globals';
import { getParser } from '#platform';
import { RecommendationDto, gatherLists } from './callback.dto.js';

const parser = getParser(RecommendationDto);
const read = (query: object): RecommendationDto => parser.parse(gatherLists(query, ['ids', 'externalIds']));

describe('the recommendation query', () => {
  it('collects lists in every notation, in the order sent', () => {
    const expected = { ids: ['3', '1'], mode: 'analogs' };
    expect(read({ 'ids[]': ['3', '1'], mode: 'analogs' })).toEqual(expected);
    expect(read({ 'ids[0]': '3', mode: 'analogs', 'ids[1]': '1' })).toEqual(expected);
    expect(read({ ids: ['3', '1'], mode: 'analogs' })).toEqual(expected);
    expect(read({ 'ids[]': '3', mode: 'analogs' })).toEqual({ ids: ['3'], mode: 'analogs' });
  });

  it('ignores unknown fields', () => {
    expect(read({ 'externalIds[]': 'a', mode: 'analogs', clientId: 'c', 'other[]': '1' })).toEqual({ externalIds: ['a'], mode: 'analogs' });
  });

  it('rejects invalid ids', () => {
    for (const id of ['', 'x', '-1', '1.5', '1e3', ' 1', '9'.repeat(19)]) expect(() => read({ 'ids[]': id, mode: 'analogs' })).toThrow();
    expect(() => read({ 'ids[]': '1' })).toThrow();
  });
});
