import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { getParser } from '#platform';
import { answerBusy, loseReplies, providerContext } from '#testing';
import { runStoreConformance } from '#testing/conformance';
import { type TemplateCall, TemplateDouble } from './template.double.js';
import { TemplateProvider } from './template.provider.js';
import { type TemplateContext, TemplateSettings } from '../common/template.settings.js';

const makeContext = ({ url, token }: { url: string; token: string }): TemplateContext =>
  providerContext(getParser(TemplateSettings).parse({ baseUrl: url, token }));

runStoreConformance<TemplateSettings>('Template Service', {
  methods: ['check', 'reserve', 'listChanges'],
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
      },
      store: 'main',
      otherStore: 'shop',
      setStock: (xmlId, units, inStore = 'main') => Promise.resolve(double.setStock(xmlId, inStore, units)),
      readHeld: (order, xmlId) => Promise.resolve(double.countHeld(order, xmlId)),
      loseReply: () => double.fail('reserve', { kind: 'drop-after' }),
      faults: { lose: loseReplies(double, ['reserve']), busy: answerBusy(double), made: () => double.reservations.size },
      failures: [
        { name: 'a wrong token', kind: 'auth', act: (given) => provider.readStocks([{ key: 'g-1' }], { ...given, settings: wrong }) },
        {
          name: 'an outage',
          kind: 'unavailable',
          act: (given) => whileAway('search', () => provider.readStocks([{ key: 'g-1' }], given)),
        },
      ],
      close: () => double.close(),
    };
  },
});

describe('Template Service', () => {
  const provider = new TemplateProvider();
  let double: TemplateDouble;
  let context: TemplateContext;
  beforeEach(async () => {
    double = await new TemplateDouble().listen();
    context = makeContext(double);
  });
  afterEach(() => double.close());

  it('returns stock by warehouse, without reserved stock', async () => {
    double.setStock('tea', 'main', 5);
    double.setStock('tea', 'shop', 2);
    await provider.reserve({ order: '1', packs: [{ item: '1', offer: { xmlId: 'tea' }, store: 'main', quantity: 3 }] }, context);
    const [stock] = await provider.readStocks([{ xmlId: 'tea' }], context);
    expect(stock?.stores).toEqual([
      { store: 'main', available: 2 },
      { store: 'shop', available: 2 },
    ]);
  });

  it('requires a warehouse from the shop if the order lacks it', async () => {
    double.setStock('tea', 'main', 5);
    const reserving = provider.reserve({ order: '1', packs: [{ item: '1', offer: { xmlId: 'tea' }, quantity: 3 }] }, context);
    await expect(reserving).rejects.toMatchObject({ kind: 'rejected', fields: { 'packs[0].store': 'is required' } });
    expect(double.countCalls('reserve')).toBe(0);
  });
});
