import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { IntegrationsInput } from '#crm-client/wire';
import { omitShopChoices } from './shop-choices.js';

const CHOICES = { shopChoices: ['delivery.settings'] } as const;
const built = (payer: string): IntegrationsInput => ({ delivery: { actions: { save: '/save' }, settings: { defaultPayerType: payer } } });
const present = (settings: unknown): Record<string, unknown> => ({ delivery: { actions: {}, settings } });
const listSent = (payer: string): Readonly<Record<string, string>> => omitShopChoices(built(payer), CHOICES, {}, undefined).sent;

describe('what is the shop’s choice too', () => {
  it.each([
    ['the CRM has no such module', {}, undefined, true],
    ['the CRM has no such module any more', listSent('receiver'), undefined, true],
    ['the CRM has none yet', {}, present(undefined), true],
    ['the CRM has an empty one, as it writes it', {}, present([]), true],
    ['the CRM could not be asked and nothing was sent before', {}, 'unread' as const, true],
    ['the partner changed it', listSent('sender'), present({ defaultPayerType: 'sender' }), true],
    ['it was sent and the shop changed it since', listSent('receiver'), present({ defaultPayerType: 'sender' }), false],
    ['it was sent and the shop emptied it', listSent('receiver'), present([]), false],
    ['it was sent and the CRM could not be asked', listSent('receiver'), 'unread' as const, false],
    ['it is there and nothing is remembered', {}, present({ defaultPayerType: 'sender' }), false],
    ['all that is there is odd', listSent('receiver'), { delivery: 'x' }, false],
  ])('when %s', (_, remembered, there, goes) => {
    const { integrations, sent } = omitShopChoices(built('receiver'), CHOICES, remembered, there);
    expect(integrations).toEqual(goes ? built('receiver') : { delivery: { actions: { save: '/save' } } });
    expect(sent).toEqual(listSent('receiver'));
  });

  it('goes once for each change of the partner, however often the module is registered and whatever the shop does', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ partner: fc.constantFrom('a', 'b'), shop: fc.option(fc.string()) }), { minLength: 1 }), (steps) => {
        let remembered: Readonly<Record<string, string>> = {};
        let there: Record<string, unknown> | undefined;
        let before: string | undefined;
        for (const { partner, shop } of steps) {
          const { integrations, sent } = omitShopChoices(built(partner), CHOICES, remembered, there);
          expect(integrations.delivery?.settings !== undefined).toBe(partner !== before);
          remembered = sent;
          before = partner;
          there = present({ defaultPayerType: shop ?? partner });
        }
      }),
    );
  });

  describe('of an object that the partner changed', () => {
    const settings = { defaultPayerType: 'receiver', lockedByDefault: false };
    const cash = [{ code: 'cash', active: true }];
    const shops = { defaultPayerType: 'receiver', lockedByDefault: true, paymentTypes: cash };
    const send = (value: object, before: object | undefined, there: unknown): unknown => {
      const build = (one: object): IntegrationsInput => ({ delivery: { settings: one } });
      const remembered = before ? omitShopChoices(build(before), CHOICES, {}, undefined).sent : {};
      return omitShopChoices(build(value), CHOICES, remembered, there === 'unread' ? there : present(there)).integrations.delivery
        ?.settings;
    };

    it.each([
      ['the shop keeps what it chose itself', { ...settings, defaultPayerType: 'sender' }, { ...shops, defaultPayerType: 'sender' }],
      ['a member that the partner has now is his', { ...settings, paymentTypes: [] }, { ...shops, paymentTypes: [] }],
      ['a member that he has no more is the shop’s', { lockedByDefault: false }, shops],
      [
        'both may be changed',
        { defaultPayerType: 'sender', lockedByDefault: 'x' },
        { ...shops, defaultPayerType: 'sender', lockedByDefault: 'x' },
      ],
    ])('%s', (_, value, sent) => expect(send(value, settings, shops)).toEqual(sent));

    it.each([[[]], [undefined], ['odd'], ['unread']])('all is sent when what is there is %j', (there) => {
      expect(send({ ...settings, defaultPayerType: 'sender' }, settings, there)).toEqual({ ...settings, defaultPayerType: 'sender' });
    });

    it('an earlier version stored only the whole: the partner keeps the present values', () => {
      const { integrations } = omitShopChoices({ delivery: { settings } }, CHOICES, { 'delivery.settings': 'of before' }, present(shops));
      expect(integrations.delivery?.settings).toEqual({ ...settings, paymentTypes: cash });
    });
  });

  describe('what is no longer on offer', () => {
    const part = {
      ...CHOICES,
      isOffered: (_built: unknown, choice: string, value: unknown) => !choice.endsWith('Type') || value !== 'gone',
    };
    const choose = (there: object): unknown =>
      omitShopChoices(built('receiver'), part, listSent('receiver'), present(there)).integrations.delivery?.settings;

    it('is replaced, and the rest stays the shop’s', () => {
      expect(choose({ defaultPayerType: 'gone', lockedByDefault: true })).toEqual({ defaultPayerType: 'receiver', lockedByDefault: true });
      expect(choose({ defaultPayerType: 'sender', lockedByDefault: true })).toBeUndefined();
    });
  });

  it('leaves alone what the registration does not have', () => {
    expect(omitShopChoices({ payment: {} }, CHOICES, {}, {})).toEqual({ integrations: { payment: {} }, sent: {} });
  });
});
