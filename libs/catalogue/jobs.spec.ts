import { expect, it } from '@jest/globals';
import { definedJobs } from '#platform';
import { builtIn } from './catalogue.js';
import { JOBS } from './jobs.js';

it('names every job that the libraries declare, and no other', () => {
  expect(builtIn.length).toBeGreaterThan(0);
  expect(Object.keys(JOBS)).toEqual(
    definedJobs()
      .map(({ name }) => name)
      .sort(),
  );
});
