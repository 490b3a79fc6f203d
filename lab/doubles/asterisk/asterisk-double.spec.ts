import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { AsteriskDouble } from './index.js';

let pbx: AsteriskDouble;
beforeEach(async () => {
  pbx = await AsteriskDouble.start();
});
afterEach(() => pbx.close());

const LOGIN = { Action: 'Login', Username: 'crossdock', Secret: 'ami-secret' };
const CALL = { Action: 'Originate', Channel: 'PJSIP/101', Exten: '79160000001' };
/** Sends actions and logs off. Returns everything that was received. */
function talk(...actions: object[]): Promise<string> {
  const socket = connect(pbx.settings.port, '127.0.0.1');
  for (const action of [...actions, { Action: 'Logoff' }])
    socket.write(
      `${Object.entries(action)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`,
    );
  return text(socket);
}

it.each([
  ['on', true],
  ['off', false],
])('a session with Events: %s', async (Events, hears) => {
  expect((await talk({ ...LOGIN, Events }, CALL)).includes('Event: Newchannel')).toBe(hears);
  expect(pbx.originated).toBe(1);
});

it('an action before the login is refused', async () => {
  expect(await talk(CALL, LOGIN)).toContain('Permission denied');
  expect(pbx.originated).toBe(0);
});

it('a channel has its time in hours, minutes and seconds', async () => {
  pbx.incoming('79160000001', '74950000000').root.since -= 65_000;
  expect(await talk(LOGIN, { Action: 'CoreShowChannels' })).toContain('Duration: 00:01:05');
});

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

it.each([
  ['before', '127'],
  ['after', '16'],
])('a caller who hangs up %s the answer has the cause %s', (when, cause) => {
  const call = pbx.incoming('79160000001', '74950000000').ring('101');
  if (when === 'after') call.answer('101');
  const emit = jest.spyOn(pbx, 'emit');
  call.hangup();
  expect(emit.mock.calls.flatMap(([event, { Cause }]) => (event === 'Hangup' ? [Cause] : []))).toEqual([cause, cause]);
});
