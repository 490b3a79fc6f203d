import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { toWholeSecond } from './whole-second.js';

it('a whole second is the one that a moment is in', () => {
  fc.assert(
    fc.property(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }), (moment) => {
      const second = toWholeSecond(moment);
      expect(second.getTime() % 1000).toBe(0);
      expect(moment.getTime() - second.getTime()).toBeGreaterThanOrEqual(0);
      expect(moment.getTime() - second.getTime()).toBeLessThan(1000);
    }),
  );
});
