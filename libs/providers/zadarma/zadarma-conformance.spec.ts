import { getParser } from '#platform';
import type { WebhookRequest } from '#provider-kit';
import { answerBusy, loseReplies, providerContext, ZadarmaDouble } from '#testing';
import { type CallScene, runTelephonyConformance } from '../../testing/conformance/index.js';
import { PostedWebhooks } from '../../testing/posted-webhooks.js';
import { webhookRequest } from '../../testing/builders.js';
import { signZadarmaNotice } from '../../../lab/doubles/zadarma/zadarma-signatures.js';
import { ZadarmaProvider } from './zadarma.provider.js';
import { ZadarmaSettings } from './zadarma.settings.js';

runTelephonyConformance<ZadarmaSettings>('Zadarma', {
  methods: ['call', 'webhook', 'track', 'catchUp', 'findRecord', 'check', 'connect', 'disconnect', 'lookUp'],
  start: async () => {
    const double = await ZadarmaDouble.start();
    const { account } = double;
    const provider = new ZadarmaProvider(double.url);
    const bytes = Buffer.from('a talk of some length');
    const { id } = account.incoming('79161234567').answer('101').record(bytes).end();
    const posted = await PostedWebhooks.start();
    const settings = getParser(ZadarmaSettings).parse({
      ...{ key: account.settings.key, secret: account.settings.secret },
      ...{ extensions: [{ code: '101', userId: 1 }, { code: '102' }], externalPhones: [{ siteCode: 'shop', phone: '+7 (495) 000-00-00' }] },
    });
    const context = providerContext(settings, {
      ...{ now: new Date(), webhookUrl: `${posted.url}zadarma/webhooks/connection-1` },
      memory: { offset: '180', extensions: '100,101,102,103' },
    });
    // The suite's addresses lead nowhere: the provider itself replies when they are tried.
    account.enterUrl = (url) => {
      const query = new URLSearchParams({ zd_echo: 'a-token' });
      if (provider.webhook.handshake(webhookRequest('', {}, { method: 'GET', query })) !== 'a-token') throw new Error('no echo');
      account.url = url;
      return Promise.resolve();
    };
    account.url = context.webhookUrl;
    account.listen();
    double.webhooks.mode = 'hold';
    const wrong = { ...settings, secret: 'another-secret' };
    const request = { reference: 'crossdock-1', code: '101', phone: '+79161234567' };
    return {
      provider,
      context,
      codes: ['101', '102'],
      dated: true,
      samples: {
        refused: [{ name: 'a wrong secret', settings: wrong, fields: ['secret'] }],
        whileAway: async (work) => {
          double.fail('balance', { kind: 'error-before' }, 3);
          return work();
        },
        hooks: {
          list: () => (account.url === undefined ? [] : [account.url]),
          occupy: (address) => (account.url = address),
          clear: () => (account.url = undefined),
          post: async () => {
            posted.take();
            account.incoming('79160000000').end();
            await double.flush();
            return posted.take()[0] as WebhookRequest;
          },
        },
        signWith: (request, secret) => {
          const notice = Object.fromEntries(new URLSearchParams(Buffer.from(request.rawBody).toString()));
          return { ...request, headers: { ...request.headers, signature: signZadarmaNotice(secret, notice) } };
        },
        lookups: { extensions: { term: '101', value: '101' }, numbers: { term: 'line 749', value: '74950000000' } },
      },
      play: ({ direction, code, phone, isAnswered, isBusy = false }: CallScene) => {
        const [start, answer] = [10, 5].map((seconds) => new Date(Date.now() - seconds * 1_000));
        const record = isAnswered ? Buffer.from(`a talk with ${phone}`) : undefined;
        if (direction === 'in') {
          const call = account.incoming(phone, '74950000000', start).ring(code);
          (record ? call.answer(code, answer).record(record) : call).end();
        } else {
          const call = account.outgoing(code, phone, '0', start);
          (record ? call.answer(answer).record(record) : call).end(isAnswered ? 'answered' : isBusy ? 'busy' : 'no answer');
        }
        return Promise.resolve({ ...(start && { startedAt: start }), talkSeconds: isAnswered ? 5 : undefined, record, isBusy });
      },
      takeWebhooks: async () => {
        await double.flush();
        return posted.take();
      },
      playPlaced: async () => {
        (await account.placed()).pickUp().answer().end();
      },
      countRefused: () => double.calls.filter(({ call, status }) => call === 'statistics' && status === 429).length,
      fillPage: () => {
        double.webhooks.mode = 'off';
        for (let n = 0; n <= 1_000; n++) account.incoming('79160000000').end();
        double.webhooks.mode = 'hold';
        // A minute has passed since the questions before.
        account.arrivals.statistics.length = 0;
        return 1_001;
      },
      putThrough: async (phone, identify) => {
        posted.take();
        account.incoming(phone).end();
        await double.flush();
        const events = posted.take().flatMap((one) => provider.webhook.parse(one, context));
        const reply = await provider.webhook.reply(events, { ...context, settings: { ...settings, routing: 'any' } }, identify);
        return (reply.body as { redirect?: string }).redirect;
      },
      dialled: () => account.clicks.at(-1)?.phone,
      record: { reference: `pbx/${id}@${Math.floor(Date.now() / 1000)}.mp3`, bytes },
      faults: {
        lose: loseReplies(double, ['callback', 'setUrl', 'removeUrl', 'setNotifications'], { 'expired-token': { kind: 'unauthorized' } }),
        busy: answerBusy(double),
        keepsPauses: true,
        made: () => account.clicks.length,
      },
      failures: [
        { name: 'a wrong secret', kind: 'auth', act: (given) => provider.call(request, { ...given, settings: wrong }) },
        { name: 'an outage', kind: 'unavailable', act: (given) => new ZadarmaProvider('http://127.0.0.1:1').call(request, given) },
      ],
      close: async () => {
        await double.close();
        await posted.close();
      },
    };
  },
});
