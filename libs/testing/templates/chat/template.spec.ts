import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getParser } from '#platform';
import { answerBusy, loseReplies, providerContext, signWebhook, webhookRequest } from '#testing';
import { runChatConformance } from '#testing/conformance';
import { type TemplateContext, TemplateSettings } from '../common/template.settings.js';
import { type TemplateCall, TemplateDouble } from './template.double.js';
import { TemplateProvider } from './template.provider.js';

const makeContext = ({ url, token }: { url: string; token: string }): TemplateContext =>
  providerContext(getParser(TemplateSettings).parse({ baseUrl: url, token }), { now: new Date() });

runChatConformance<TemplateSettings>('Template Service', {
  methods: ['check', 'listAccounts', 'webhook', 'sendMessage'],
  start: async () => {
    const double = await new TemplateDouble().listen();
    const provider = new TemplateProvider();
    const { settings: wrong } = makeContext({ url: double.url, token: 'another-token' });
    const whileAway = <T>(call: TemplateCall, work: () => Promise<T>): Promise<T> => {
      double.fail(call, { kind: 'error-before', status: 503 }, 20);
      return work().finally(() => double.faults.clear());
    };
    return {
      provider,
      context: makeContext(double),
      samples: {
        refused: [{ name: 'a wrong token', settings: wrong, fields: ['token'] }],
        whileAway: (work) => whileAway('account', work),
        signWith: signWebhook,
      },
      messenger: {
        account: 'shop',
        write: ({ person, text = '' }) => Promise.resolve({ chat: person, message: double.write({ person, text }) }),
        takeWebhooks: () => Promise.resolve(double.webhooks.takeEvents().map(({ headers, body }) => webhookRequest(body, headers))),
        signed: true,
        dated: true,
        listSent: (chat) =>
          Promise.resolve(
            double.messages.filter((one) => one.by === 'shop' && one.chat === chat).map(({ id, text }) => ({ id, text, deleted: false })),
          ),
        block: (person) => Promise.resolve(void double.blocked.add(person)),
        loseReply: () => double.fail('send', { kind: 'drop-after' }),
      },
      faults: {
        lose: loseReplies(double, ['send']),
        busy: answerBusy(double),
        made: () => double.messages.filter(({ by }) => by === 'shop').length,
      },
      failures: [
        { name: 'a wrong token', kind: 'auth', act: (given) => provider.listAccounts({ ...given, settings: wrong }) },
        { name: 'an outage', kind: 'unavailable', act: (given) => whileAway('bots', () => provider.listAccounts(given)) },
      ],
      close: () => double.close(),
    };
  },
});

describe('Template Service', () => {
  const provider = new TemplateProvider();
  let double: TemplateDouble;
  beforeEach(async () => {
    double = await new TemplateDouble().listen();
  });
  afterEach(() => double.close());

  it('contains the message that a customer answers', () => {
    double.write({ person: 'ann', text: 'Yes', answers: 'm-7' });
    const [{ body } = { body: '' }] = double.webhooks.takeEvents();
    expect(provider.webhook.parse(webhookRequest(body))).toMatchObject([
      { account: 'shop', chat: 'ann', message: { text: 'Yes', quote: 'm-7' }, customer: { id: 'ann', nickname: 'ann' } },
    ]);
  });

  it('sends which message a manager answers', async () => {
    const quoted = double.write({ person: 'ann', text: 'Are you open?' });
    const message = { reference: 'r-1', account: 'shop', chat: 'ann', kind: 'text', text: 'Yes', media: [], quote: [quoted] } as const;
    expect(await provider.sendMessage(message, makeContext(double))).toEqual({ ids: ['m-2'] });
    expect(double.messages.at(-1)).toMatchObject({ text: 'Yes', answers: 'm-1' });
  });
});
