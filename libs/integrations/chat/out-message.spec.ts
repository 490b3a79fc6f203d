import { describe, expect, it } from '@jest/globals';
import { type MessageSentDto, readGatewayEvent } from './gateway/gateway-webhook.dto.js';
import { toStoredMessage, unescapeText } from './out-message.js';

const read = (data: object): MessageSentDto => {
  const event = readGatewayEvent(
    Buffer.from(JSON.stringify({ type: 'message_sent', data: { id: 1, channel_id: 2, external_user_id: 'ann', ...data } })),
  );
  if (event?.type !== 'message_sent') throw new Error('it is another event');
  return event.data;
};

describe('a manager’s message', () => {
  it('is stored with its text, files, quote and buttons', () => {
    expect(
      toStoredMessage(
        read({
          ...{ type: 'image', content: 'Look', quote_external_id: 'm-1', items: [{ id: 'a' }, { id: 'b', caption: 'unused' }] },
          attachments: { suggestions: [{ type: 'text', title: 'Yes', payload: 'y' }, { type: 'later', title: 'x' }, { type: 'url' }] },
        }),
      ),
    ).toEqual({
      ...{ kind: 'image', text: 'Look', files: ['a', 'b'], quote: 'm-1' },
      suggestions: [{ type: 'text', title: 'Yes', payload: 'y' }],
    });
  });

  it('without a text has the captions of its files', () => {
    const items = [{ id: 'a', caption: 'one' }, { id: 'b' }, { id: 'c', caption: 'three' }];
    expect(toStoredMessage(read({ type: 'file', content: null, items }))).toEqual({
      kind: 'file',
      text: 'one\nthree',
      files: ['a', 'b', 'c'],
    });
  });

  it('may be a product', () => {
    const product = { id: 7, name: 'Tea', article: 'T-1', url: 'https://shop/tea', img: 'https://shop/tea.png', unit: 'pc' };
    const stored = toStoredMessage(read({ type: 'product', product: { ...product, cost: { value: 12.5, currency: 'RUB' } } }));
    expect(stored).toEqual({
      ...{ kind: 'product', files: [] },
      product: {
        ...{ id: '7', name: 'Tea', article: 'T-1', url: 'https://shop/tea', image: 'https://shop/tea.png', unit: 'pc' },
        cost: { minor: 1250, currency: 'RUB' },
      },
    });
    // An amount without a valid currency is dropped.
    for (const cost of [{ value: 1 }, { value: 1, currency: 'roubles' }])
      expect(toStoredMessage(read({ type: 'product', product: { name: 'Tea', cost } }))?.product).toEqual({ name: 'Tea' });
  });

  it('may be an order, whose payments say "payed" or "paid"', () => {
    const money = (value: number) => ({ value, currency: 'EUR' });
    const order = {
      ...{ number: '7A', external_id: 7, url: 'https://shop/7', date: '2026-11-26T10:00:00Z', cost: money(30), discount: money(1) },
      status: { code: 'new', name: 'New' },
      delivery: { name: 'Courier', price: money(5), address: 'Gran Vía 1', comment: 'call' },
      payments: [
        { name: 'Card', amount: money(20), status: { name: 'Done', payed: true } },
        { name: 'Cash', amount: money(10), status: { paid: false } },
      ],
      items: [{ name: 'Tea', url: 'https://shop/tea', img: 'https://shop/t.png', quantity: { value: 2.5, unit: 'kg' }, price: money(10) }],
    };
    const eur = (minor: number) => ({ minor, currency: 'EUR' });
    expect(toStoredMessage(read({ type: 'order', order }))?.order).toEqual({
      ...{ number: '7A', externalId: '7', url: 'https://shop/7', date: '2026-11-26T10:00:00Z', cost: eur(3000), discount: eur(100) },
      status: { code: 'new', name: 'New' },
      delivery: { name: 'Courier', price: eur(500), address: 'Gran Vía 1', comment: 'call' },
      payments: [
        { name: 'Card', amount: eur(2000), status: { name: 'Done', paid: true } },
        { name: 'Cash', amount: eur(1000), status: { paid: false } },
      ],
      items: [{ name: 'Tea', url: 'https://shop/tea', image: 'https://shop/t.png', quantity: 2.5, unit: 'kg', price: eur(1000) }],
    });
  });

  it.each([{ type: 'command', content: '/x' }, { type: 'product' }, { type: 'order' }])('is not carried: %j', (data) => {
    expect(toStoredMessage(read(data))).toBeUndefined();
  });
});

it('entities become characters, once', () => {
  expect(unescapeText('&lt;b&gt; Tom &amp; Jerry&#39;s &quot;&amp;lt;&quot; &nbsp;')).toBe(`<b> Tom & Jerry's "&lt;" &nbsp;`);
});
