import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { getParser } from '#platform';
import { AsteriskDouble, providerContext, tone } from '#testing';
import { type CallScene, type DialledCall, type LostCall, runTelephonyConformance } from '../../testing/conformance/index.js';
import { AsteriskProvider } from './asterisk.provider.js';
import { AsteriskSettings } from './asterisk.settings.js';

/** AMI has no reply for being busy, and replies only on the connection of the action. */
const FAULTS: Readonly<Partial<Record<LostCall, object>>> = {
  before: { originate: 'drop-before' },
  after: { originate: 'drop-after' },
  'error-after': { originate: 'drop-after' },
  hang: { originate: 'hang' },
  busy: { originate: 'drop-before' },
  'not-json': { originate: 'garbage' },
  'expired-token': { forbidden: ['Originate'] },
};

runTelephonyConformance<AsteriskSettings>('Asterisk', {
  methods: ['call', 'findCall', 'setUserStatus', 'listen', 'findRecord', 'check'],
  start: async () => {
    const pbx = await AsteriskDouble.start();
    const folder = await mkdtemp(join(tmpdir(), 'recordings-'));
    const bytes = tone(1);
    await writeFile(join(folder, 'a.wav'), bytes);
    const provider = new AsteriskProvider(dirname(folder));
    let dialled: DialledCall | undefined;
    const settings = getParser(AsteriskSettings).parse({
      ...{ ...pbx.settings, recordingsFolder: basename(folder), recordingsPath: '/var/spool/asterisk/monitor' },
      extensions: [{ code: '101', userId: 1 }, { code: '102' }],
    });
    const wrong = { ...settings, secret: 'another-secret' };
    const request = { reference: 'crossdock-1', code: '101', phone: '+79161234567' };
    return {
      provider,
      context: providerContext(settings, { now: new Date(), signal: AbortSignal.timeout(60_000) }),
      samples: {
        refused: [{ name: 'a wrong secret', settings: wrong, fields: ['secret'] }],
        whileAway: async (work) => {
          await pbx.goAway();
          return work().finally(() => pbx.comeBack());
        },
      },
      codes: ['101', '102'],
      play: ({ direction, code, phone, isAnswered, isBusy = false }: CallScene) => {
        const call = direction === 'in' ? pbx.incoming(phone, '74950000000').ring(code) : pbx.outgoing(code, phone).dialOut(phone);
        if (isBusy) call.refuse(direction === 'in' ? code : phone, 'BUSY');
        if (isAnswered) call.answer(direction === 'in' ? code : phone);
        call.hangup();
        return Promise.resolve({ startedAt: new Date(), talkSeconds: isAnswered ? 0 : undefined, isBusy });
      },
      beginUnheard: ({ code, phone }, seconds) => {
        const call = pbx.incoming(phone, '74950000000').ring(code).answer(code);
        for (const channel of pbx.channels.values()) if (channel.linkedId === call.id) channel.since -= seconds * 1_000;
        return () => call.hangup();
      },
      playPlaced: async () => {
        const call = await pbx.placed();
        const number = call.root.exten;
        const { CallerID: caller, Timeout: timeout } = pbx.actions.findLast(({ name }) => name === 'Originate')?.fields ?? {};
        dialled = { phone: number, shown: /<(.*)>/.exec(caller ?? '')?.[1], ringSeconds: Number(timeout) / 1_000 };
        call.dialOut(number).answer(number).hangup();
      },
      dialled: () => dialled,
      isPaused: (code) =>
        pbx.actions.findLast(({ name, fields }) => name === 'QueuePause' && fields['Interface'] === `PJSIP/${code}`)?.fields['Paused'] ===
        'true',
      putThrough: async (phone) => {
        const { root } = pbx.incoming(phone, '74950000000');
        pbx.emit('UserEvent', {
          UserEvent: 'CrossdockRoute',
          Channel: root.name,
          CallerIDNum: phone,
          Uniqueid: root.id,
          Linkedid: root.id,
        });
        return pbx.variableSet(root.name, 'CROSSDOCK_MANAGER');
      },
      record: { reference: '/var/spool/asterisk/monitor/a.wav', bytes },
      faults: {
        lose: async (call, work) => {
          Object.assign(pbx.faults, FAULTS[call]);
          return work().finally(() => Object.assign(pbx.faults, { originate: undefined, forbidden: [] }));
        },
        made: () => pbx.originated,
      },
      failures: [
        { name: 'a wrong secret', kind: 'auth', act: (given) => provider.call(request, { ...given, settings: wrong }) },
        {
          name: 'an outage',
          kind: 'unavailable',
          act: (given) => provider.call(request, { ...given, settings: { ...settings, port: 1 } }),
        },
      ],
      close: async () => {
        await pbx.close();
        await rm(folder, { recursive: true });
      },
    };
  },
});
