import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { AsteriskDouble } from './index.js';

let pbx: AsteriskDouble;
beforeEach(async () => {
  pbx = await AsteriskDouble.start();
});
afterEach(() => pbx.close());

it.each([
  ['BUSY', '17'],
  ['CONGESTION', '34'],
  ['CHANUNAVAIL', '20'],
  ['NOANSWER', '0'],
] as const)('a phone that ends with %s has the cause %s', (status, cause) => {
  const emit = jest.spyOn(pbx, 'emit');
  pbx.incoming('79160000001', '74950000000').ring('101').refuse('101', status);
  const ends = emit.mock.calls.flatMap(([event, fields]) => (['DialEnd', 'Hangup'].includes(event) ? [fields] : []));
  expect(ends).toMatchObject([{ DialStatus: status }, { Cause: cause }]);
});
