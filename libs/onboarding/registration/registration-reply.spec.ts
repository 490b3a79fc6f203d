import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { listNotices } from '../notices/connection-notices.js';
import { readBillingInfo, readRegistrationReply } from './registration-reply.js';

describe("the CRM's answer to a registration", () => {
  it('is read as the API writes it', () => {
    expect(
      readRegistrationReply({
        mgTransport: { token: 't', endpointUrl: 'https://mg.example', isActive: true },
        mgBot: { token: 'b' },
        notExistUsersIds: ['3', 4],
        notExistSiteCodes: { 0: 'a' },
        deliveryType: 'courier',
        billingInfo: { price: 1, currency: { code: 'EUR' } },
      }),
    ).toEqual({
      reply: {
        deliveryType: 'courier',
        mgTransport: { endpointUrl: 'https://mg.example' },
        unknownUsers: [3, 4],
        unknownSites: ['a'],
        billingInfo: { price: 1, currency: 'EUR' },
      },
      tokens: { mgTransport: 't', mgBot: 'b' },
    });
  });

  it.each([[undefined], [null], [[]], [{}], ['ok'], [{ mgTransport: [], billingInfo: [], notExistUsersIds: null }]])(
    'may be empty: %j',
    (info) => {
      expect(readRegistrationReply(info)).toEqual({ reply: {}, tokens: {} });
    },
  );

  it('never fails, whatever it is, and never holds a token', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        fc.record({
          mgTransport: fc.anything(),
          mgBot: fc.record({ token: fc.constant('s3cret'), endpointUrl: fc.anything() }),
          billingInfo: fc.anything(),
          notExistUsersIds: fc.anything(),
        }),
        (any, info) => {
          readRegistrationReply(any);
          readBillingInfo(any);
          const { reply, tokens } = readRegistrationReply(info);
          expect(tokens.mgBot).toBe('s3cret');
          expect(JSON.stringify(reply)).not.toContain('s3cret');
        },
      ),
    );
  });
});

describe('the notices of the account page', () => {
  it('describe what the shop can fix, in every language, and nothing that it cannot read', () => {
    const unknownUsers = Array.from({ length: 25 }, (_, index) => index + 1);
    const notices = listNotices({ registrationReply: { unknownUsers, unknownSites: ['msk'] }, settingsError: 'Access denied' });
    expect(notices).toHaveLength(3);
    for (const language of ['en', 'es', 'ru'] as const) {
      expect(notices[0]?.[language]).toContain('19, 20 (+5)');
      expect(notices[1]?.[language]).toContain('msk');
    }
    expect(listNotices({ registrationReply: {}, settingsError: null })).toEqual([]);
    expect(listNotices({ registrationReply: null, settingsError: null })).toEqual([]);
  });
});
