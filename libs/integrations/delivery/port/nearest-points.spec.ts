import { describe, expect, it } from '@jest/globals';
import { findClosestByIndex, sortByDistance } from './nearest-points.js';

const point = (code: string, latitude?: number, longitude?: number, postalCode?: string) => ({
  code,
  ...(latitude !== undefined && { latitude }),
  ...(longitude !== undefined && { longitude }),
  ...(postalCode !== undefined && { postalCode }),
});
const list = (points: readonly { code: string }[]): string => points.map(({ code }) => code).join(' ');

describe('the nearest points', () => {
  const points = [
    point('far', 56, 38, '143000'),
    point('near', 55.76, 37.61, '125009'),
    point('nowhere', undefined, undefined, '125009'),
    point('next', 55.8, 37.6, '127018'),
    point('words', 55.75, 37.6, 'RU'),
  ];

  it('are the points with the closest postal codes that have a place', () => {
    expect(list(findClosestByIndex(points, '125010'))).toBe('near next far');
    expect(findClosestByIndex(points, undefined)).toEqual([]);
    expect(findClosestByIndex(points, 'SW1A 1AA')).toEqual([]);
  });

  it('come first by their distance from the centre of the anchors, points without a place last', () => {
    const sort = (anchors: readonly object[]): string => list(sortByDistance(points, anchors, ({ code }) => code));
    expect(sort([{ latitude: 55.76, longitude: 37.61 }])).toBe('near words next far nowhere');
    expect(sort([{ latitude: 56, longitude: 38 }])).toMatch(/^far .* nowhere$/);
    expect(sort([{}])).toBe('far near next nowhere words');
  });

  it('counts that degrees of longitude shrink towards the poles', () => {
    const [anchor, east, north] = [point('a', 60, 30), point('east', 60, 31), point('north', 60.7, 30)];
    expect(list(sortByDistance([north, east], [anchor], ({ code }) => code))).toBe('east north');
  });
});
