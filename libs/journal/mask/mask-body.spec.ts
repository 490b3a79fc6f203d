import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { MAX_FORM_FIELDS } from '#platform';
import type { JournalBody } from '../journal-entry.js';
import { maskBody, type StoredBody } from './mask-body.js';
import { isKnownWord } from './known-words.js';
import { maskAddress, maskWords } from './mask-value.js';

const mask = (body: JournalBody): StoredBody => JSON.parse(maskBody(body, new Set()) ?? 'null') as StoredBody;
const show = (content: unknown, type?: string): unknown => mask({ type, content: content as object }).content;
const json = (value: unknown): string => JSON.stringify(value);

describe('a body in the journal', () => {
  it('shows ids, codes, statuses, dates, money and weights', () => {
    const shown = {
      orderNumber: '1000A',
      order: '7',
      deliveryId: '0192f0c4-1111-7222-8333-444455556666',
      status: 'CREATED',
      tariff: 'courier-msk',
      currency: 'RUB',
      cost: 350.5,
      declaredValue: '1200.00',
      packages: [{ weight: 500, width: 10, items: [{ offerId: '12', quantity: 2 }] }],
      createdAt: '2026-11-27 10:00:00',
      success: true,
      result: null,
    };
    expect(show(json(shown))).toEqual(shown);
  });

  it('masks names, phones, addresses, texts and secrets, and what has no name that is known', () => {
    const text = json(
      show({
        customer: { firstName: 'Ирина', lastName: 'Smirnova', phones: ['+79161234567'], email: 'irina@example.com' },
        delivery: { deliveryAddress: { city: 'Тверь', street: 'Lenina', building: '5', notes: 'code 1234' } },
        apiKey: 'qwertyuiopasdfgh',
        comment: 'call me at 89161234567',
        cardNumber: '4111111111111111',
        newSecretField: 'hunter2hunter2',
        customFields: { vat: '85010144', reference: 'AB-1', list: [{ id: 1 }] },
      }),
    );
    for (const secret of [
      'Ирина',
      'Smirnova',
      '9161234567',
      'irina',
      'Тверь',
      'Lenina',
      '1234',
      'qwerty',
      '4111',
      'hunter2',
      '8501',
      'AB-1',
    ])
      expect(text).not.toContain(secret);
    expect(text).toContain('"firstName":"***(5)"');
  });

  it('masks a shown field whose value looks like a secret, a card, an e-mail, a phone or a sentence', () => {
    const values = [
      ...[
        'sk_live_51H8abcdEFGH',
        '4111111111111111',
        'irina@example.com',
        '+79161234567',
        '89161234567',
        '79161234567',
        'Ирина',
        'two words',
      ],
      ...['a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6', 'eyJhbGciOi.J9abc', 'pi_3Nabcdefgh_secret_abcdef'],
      ...['sk_test_1', 'rk_live_x', 'whsec_double', '4111-1111-1111-1111', 'card-4111111111111111'],
    ];
    for (const value of values) expect(show({ code: value, id: value, orderId: value, status: value })).not.toMatchObject({ code: value });
    for (const value of values) expect(json(show({ id: value, order: value, from: value, number: value }))).not.toContain(value);
  });

  it('shows an order of Mercado Pago, except for its page and token', () => {
    const [order, payment, refund] = ['ORDZ1V703EKX0R3PJ467DN7RARE59', 'PAY01JQ4S4KY8HWQ6NA5PXB65B3D3', 'REF01JQ4S4KY8HWQ6NA5PXB65B3D3'];
    const shown = {
      ...{ id: order, type: 'online', processing_mode: 'manual', capture_mode: 'automatic_async', total_amount: '1387.00' },
      ...{ external_reference: '01a21cf4-612d-7222-8ee2-85aaf9d6b454', status: 'action_required', status_detail: 'waiting_retry' },
      ...{ created_date: '2026-11-27T12:21:46.713Z', total_paid_amount: '15000', currency: 'CLP' },
      transactions: { payments: [{ id: payment, paid_amount: '1' }], refunds: [{ id: refund, transaction_id: payment, amount: '1.5' }] },
    };
    expect(show(shown)).toEqual(shown);
    const page = `https://www.mercadopago.com/checkout/v1/redirect?order_id=${order}`;
    expect(json(show({ client_token: 'kT9-abc', checkout_url: page }))).not.toMatch(/kT9|redirect/);
    expect(maskAddress(`https://api.mercadopago.com/v1/orders/${order}/refund`)).toBe(
      `https://api.mercadopago.com/v1/orders/${order}/refund`,
    );
    expect(maskAddress(`/mercadopago/webhooks/x?data.id=${order}&type=order`)).toContain(`data.id=${order}&type=order`);
    expect(maskAddress('https://api.mercadopago.com/v1/orders/KEYZ1V703EKX0R3PJ467DN7RARE59')).toContain('orders/***');
  });

  it('shows a payment of YooKassa with amounts next to a currency, and without the buyer', () => {
    const shown = {
      ...{ id: '22e12f66-000f-5000-8000-18db351245c7', status: 'canceled', amount: { value: '1000.50', currency: 'RUB' } },
      cancellation_details: { party: 'payment_network', reason: 'insufficient_funds' },
      receipt: { items: [{ quantity: 2, vat_code: 11, payment_mode: 'full_payment', payment_subject: 'commodity', measure: 'piece' }] },
    };
    expect(show(json(shown))).toEqual(shown);
    const refusal = {
      type: 'error',
      code: 'invalid_request',
      description: 'Receipt is missing or illegal',
      parameter: 'receipt.customer.phone',
    };
    expect(show(json(refusal))).toEqual(refusal);
    const person = {
      receipt: { customer: { email: 'olga@example.com', phone: '79161234567' } },
      value: '12345.60',
      currency: '79161234567',
    };
    expect(json(show(json({ ...person, card: { value: '4111111111111111', currency: 'RUB' } })))).not.toMatch(/olga|7916|4111/);
    expect(json(show(json({ answer: { value: '12345.60' } })))).not.toContain('12345.60');
  });

  it('masks the token in the addresses of Telegram, and shows the call', () => {
    const token = '5551234567:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';
    for (const one of [token, '12345:aaaaaaaaaa', encodeURIComponent(token)]) {
      expect(maskAddress(`https://api.telegram.org/bot${one}/sendMediaGroup`)).toBe('https://api.telegram.org/***/sendMediaGroup');
      expect(maskAddress(`https://api.telegram.org/file/bot${one}/photos/file_1.jpg`)).toMatch(
        /^https:\/\/api\.telegram\.org\/file\/\*\*\*\/photos\//,
      );
    }
  });

  it('masks keys that are data', () => {
    const text = json(
      show({
        sk_test_key: true,
        '+79161234567': { status: 'ok' },
        'irina@example.com': 1,
        Smirnova: true,
        Ирина: 'ok',
        errors: { Smirnova: 'is blocked' },
      }),
    );
    expect(text).toBe('{"***1":"***","***2":{"status":"ok"},"***3":"***","***4":"***","***5":"***(2)","errors":{"***1":"is blocked"}}');
  });

  it('reads forms, documents inside of their fields, and XML', () => {
    const form = new URLSearchParams({
      clientId: 'secret-client',
      save: json({ order: '7', customer: { firstName: 'Irina' } }),
    }).toString();
    expect(show(form, 'application/x-www-form-urlencoded')).toEqual({
      clientId: '***(13)',
      save: { order: '7', customer: { firstName: '***(5)' } },
    });
    const xml =
      '<?xml version="1.0"?><s:Body token="abc"><Order status="NEW"><OrderNumber>7</OrderNumber><Smirnova>x</Smirnova><name><![CDATA[Irina]]></name></Order></s:Body>';
    expect(show(xml, 'text/xml')).toBe(
      '<s:Body token="***(3)"><Order status="NEW"><OrderNumber>7</OrderNumber><***>***(1)</***><name>***(5)</name></Order></s:Body>',
    );
    expect(show('<a><b', 'text/xml')).toBeUndefined();
  });

  it('leaves out a form with too many fields, and XML whose comments never end, which take long to search', () => {
    const form = (count: number): string => 'order=7&'.repeat(count - 1) + 'order=7';
    expect(show(form(MAX_FORM_FIELDS), 'application/x-www-form-urlencoded')).toEqual({ order: expect.any(Array) });
    expect(show(form(MAX_FORM_FIELDS + 1), 'application/x-www-form-urlencoded')).toBeUndefined();
    expect(show('<!-- a --><status>NEW</status>', 'text/xml')).toBe('<status>NEW</status>');
    expect(show('<!-- ><status>NEW</status>', 'text/xml')).toBeUndefined();
  });

  it('keeps type and size of an unreadable body', () => {
    const bytes = Buffer.from('%PDF Irina Smirnova');
    expect(mask({ type: 'application/pdf', content: bytes })).toEqual({ type: 'application/pdf', size: 19 });
    expect(mask({ type: 'text/plain; x=Irina', content: 'Irina' })).toEqual({ type: 'text/plain', size: 5 });
    expect(mask({ content: '{"a": Irina' })).toEqual({ type: 'application/json', size: 11 });
    expect(mask({ type: 'audio/mpeg', size: 5_000_000 })).toEqual({ type: 'audio/mpeg', size: 5_000_000 });
  });

  it('keeps 16 kB of a long body as complete JSON, and marks it', () => {
    const stored = mask({ content: { items: Array.from({ length: 5_000 }, (_, id) => ({ id })) } });
    expect(stored.cut).toBe(true);
    expect(json(stored).length).toBeLessThan(20_000);
    expect(mask({ content: 'x'.repeat(300_000) })).toEqual({ type: 'application/json', size: 300_000, cut: true });
  });

  it('collects the phones it has masked', () => {
    const phones = new Set<string>();
    maskBody({ content: { customer: { phones: ['+7 916 123-45-67', { number: '612345678' }] }, src: '74951112233', note: 'x' } }, phones);
    expect([...phones]).toEqual(['+7 916 123-45-67', '612345678', '74951112233']);
  });

  it('never shows a secret under a name that is not on the list, nor a key that is data', () => {
    // Digits between letters. A known word next to a digit does not make the text harmless.
    const secret = fc.stringMatching(/^[A-Za-z0-9]{10,40}$/).filter((text) => text.split(/\d+/).length > 3);
    const name = fc.oneof(
      fc.string(),
      fc.constantFrom('token', 'password', 'firstName', 'address', 'phone', 'comment', 'value', 'data', 'newField'),
    );
    fc.assert(
      fc.property(
        secret,
        fc.array(name, { maxLength: 4 }),
        fc.constantFrom('json', 'form', 'xml', 'key', 'nested'),
        (planted, path, how) => {
          const leaf = how === 'key' ? { [planted]: { [planted]: true } } : { secretThing: planted };
          const value = path.reduceRight<unknown>((inner, key) => ({ [`x${key}`]: inner, list: [inner] }), leaf);
          const shown =
            how === 'form'
              ? show(new URLSearchParams({ [planted]: planted, save: json(value) }).toString(), 'application/x-www-form-urlencoded')
              : how === 'xml'
                ? show(
                    `<${'a'}><${`x${planted}`}>${planted}</${`x${planted}`}><name a="${planted}">${planted}</name></a>`,
                    'application/xml',
                  )
                : show(how === 'nested' ? { save: json(value), list: [json(value)] } : value);
          expect(json(shown ?? null)).not.toContain(planted);
        },
      ),
    );
  });
});

describe('a text of an error', () => {
  it('keeps the words that are ours, and masks what may be a name or a number', () => {
    expect(maskWords('The service did not answer in time')).toBe('The service did not answer in time');
    expect(maskWords('Recipient Irina Smirnova is blocked, call +79161234567')).toMatch(/^\S+ \*{3} is blocked, call \*{3}$/);
    expect(maskWords('irina@example.com')).toBe('***');
    expect(maskWords('write to order@account.in')).toBe('write to ***');
    expect(maskWords('status 502')).toBe('status 502');
  });

  it.each([
    'This clientId is not known. Connect the module again.',
    'Модуль заморожен в этом аккаунте его оператором; спросите у него причину.',
    'El módulo está congelado en esta cuenta por su operador; pregúntele el motivo.',
    'Подождите минуту и откройте модуль из CRM.',
    'Espere un minuto y abra el módulo desde el CRM.',
    'There is no connection "0f9a8b7c-1111-7222-8333-0f9a8b7c6d5e" here.',
    '120.00 was refunded 20 s ago. To make another refund, repeat this after a minute',
    'The payment of 12345.60 RUB is more than 990.00 RUB.',
    'The connection has been frozen by the operator since 2026-11-30T09:15:00.000Z. Callbacks are refused',
    'End the trial: POST /operator/api/connections/0f9a8b7c-1111-7222-8333-0f9a8b7c6d5e/go-live.',
    'Wrong input: body must have at most 100 fields',
  ])('keeps our own sentence: %s', (sentence) => {
    expect(maskWords(sentence)).toBe(sentence);
  });

  it('still masks text that only looks like an amount, an id, a time or one of our addresses', () => {
    for (const [text, masked] of [
      ['Card 4242 4242 4242 42.42 of 2 is declined', 'Card *** of 2 is declined'],
      ['call 7916123 45.67 now', 'call *** now'],
      ['call +7 (916) 1234567.89 now', 'call *** now'],
      ['call 89161234567.00 now', 'call *** now'],
      ['call 12-34-56 now', 'call *** now'],
      ['is 0f9a8b7c-1111-7222-8333-0f9a8b7c6d5e7 here', 'is *** here'],
      ['since 1985-04-12 here', 'since *** here'],
      ['since 1985-04-12Tomsk here', 'since *** here'],
      ['/operator/api/smirnova@example.com is wrong', '*** is wrong'],
    ] as const)
      expect(maskWords(text)).toBe(masked);
  });

  it.each([
    'ivan',
    'olga',
    'irina',
    'sergey',
    'maria',
    'juan',
    'pedro',
    'lucía',
    'иван',
    'ольга',
    'ирина',
    'сергей',
    'мария',
    'иванов',
    'smith',
  ])('has no name among its words: %s', (name) => {
    expect(isKnownWord(name)).toBe(false);
  });

  it('is masked in a time that grows with its length only', () => {
    const split = jest.spyOn(String.prototype, 'split');
    expect(maskWords('12345.60 '.repeat(100_000)).length).toBeLessThan(1_100);
    expect(split.mock.contexts.every((text) => (text as string).length <= 1_000)).toBe(true);
    split.mockRestore();
  });

  it.each([
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    '4242\u00a04242 4242\t4242',
    '4242, 4242, 4242, 4242',
    '4509 123456',
    '555 00 26',
  ])('takes groups of digits for one number (%s)', (number) => {
    expect(maskWords(`Card ${number} of 2 is declined`)).toBe('Card *** of 2 is declined');
  });

  it.each(['sk_test_double', 'rk_live_test', 'pk_test', 'whsec_double', 'key=test', 'token:test', 'password=code'])(
    'masks a key by its prefix or its name, however short (%s)',
    (key) => {
      expect(maskWords(`key ${key} declined`)).toMatch(/^key \*{3} declined$/);
      expect(json(show({ message: `"${key}"` }))).not.toContain(key);
    },
  );
});

describe('an address', () => {
  it('shows its host, and the parts of path and query that are not secret', () => {
    expect(maskAddress('https://user:pass@api.cdek.ru/v2/orders?im_number=7&token=abc&phone=%2B79161234567')).toBe(
      'https://api.cdek.ru/v2/orders?im_number=7&token=***&phone=***',
    );
    expect(maskAddress('https://api.telegram.org/bot123456:AAF-abc_def/sendMessage')).toBe('https://api.telegram.org/***/sendMessage');
    expect(maskAddress('/acme/callbacks/delivery/save', ['acme'])).toBe('/acme/callbacks/delivery/save');
    expect(maskAddress('/acme/account/0f9a8b7c6d5e4f3a2b1c')).toBe('/***/account/***');
    expect(maskAddress('https://pbx.shop.lan/records/2026/79161234567-ivan.mp3')).toBe('https://pbx.shop.lan/records/2026/***');
  });
});
