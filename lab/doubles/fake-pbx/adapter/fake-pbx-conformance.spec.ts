import { getParser } from '#platform';
import { providerContext } from '../../../../libs/testing/builders.js';
import { type CallScene, runTelephonyConformance } from '../../../../libs/testing/conformance/index.js';
import { PostedWebhooks } from '../../../../libs/testing/posted-webhooks.js';
import { answerBusy, loseReplies } from '../../../../libs/testing/conformance/lose-replies.js';
import { FakePbx } from '../index.js';
import { FakePbxProvider, FakePbxSettings } from './index.js';

for (const returnsCallId of [false, true])
  runTelephonyConformance<FakePbxSettings>(`The fake PBX, whose calls are ${returnsCallId ? 'returned' : 'matched'}`, {
    methods: ['call', 'webhook', 'track', 'catchUp', 'findRecord'],
    start: async () => {
      const pbx = await FakePbx.start();
      pbx.modes.returnsCallId = returnsCallId;
      const bytes = Buffer.from('a talk of some length');
      const { id } = pbx.incoming('79161234567', '74950000000').answer('101').record(bytes).end();
      const posted = await PostedWebhooks.start();
      pbx.setWebhookUrl({ url: posted.url });
      pbx.webhooks.mode = 'hold';
      const makeSettings = (secret: string): FakePbxSettings =>
        getParser(FakePbxSettings).parse({
          ...{ baseUrl: pbx.url, key: pbx.key, secret, zone: pbx.zone, country: 'RU' },
          ...{ extensions: [{ code: '101' }, { code: '102' }], externalPhones: [] },
          placedCalls: returnsCallId ? 'returned' : 'matched',
        });
      const wrong = makeSettings('another-secret');
      return {
        provider: new FakePbxProvider(),
        context: providerContext(makeSettings(pbx.secret), { now: new Date() }),
        codes: ['101', '102'],
        dated: true,
        play: ({ direction, code, phone, isAnswered, isBusy = false }: CallScene) => {
          const [start, answer] = [10, 5].map((seconds) => new Date(Date.now() - seconds * 1_000));
          if (direction === 'in') {
            const call = pbx.incoming(phone, '74950000000', start).ring(code);
            (isAnswered ? call.answer(code, answer) : call).end();
          } else {
            const call = pbx.outgoing(code, phone, '0', start);
            (isAnswered ? call.answer(answer) : call).end(isAnswered ? 'answered' : isBusy ? 'busy' : 'no answer');
          }
          return Promise.resolve({ ...(start && { startedAt: start }), talkSeconds: isAnswered ? 5 : undefined, isBusy });
        },
        takeWebhooks: async () => {
          await pbx.webhooks.flush();
          return posted.take();
        },
        playPlaced: async () => {
          const call = returnsCallId ? await pbx.begun() : (await pbx.placed()).pickUp();
          call.answer().end();
        },
        dialled: () => pbx.dialled,
        record: { reference: `pbx/${id}@${Math.floor(Date.now() / 1000)}.mp3`, bytes },
        faults: { lose: loseReplies(pbx, ['callback']), busy: answerBusy(pbx), made: () => pbx.made('callback') },
        failures: [
          {
            name: 'a wrong secret',
            kind: 'auth',
            act: (given) =>
              new FakePbxProvider().call({ reference: 'r', code: '101', phone: '+79161234567' }, { ...given, settings: wrong }),
          },
          {
            name: 'an outage',
            kind: 'unavailable',
            act: (given) =>
              new FakePbxProvider().call(
                { reference: 'r', code: '101', phone: '+79161234567' },
                { ...given, settings: { ...given.settings, baseUrl: 'http://127.0.0.1:1' } },
              ),
          },
        ],
        close: async () => {
          await pbx.close();
          await posted.close();
        },
      };
    },
  });
