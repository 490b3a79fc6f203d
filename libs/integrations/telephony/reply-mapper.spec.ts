import { describe, expect, it } from '@jest/globals';
import { TelephonyCallEventHangupStatus, TelephonyCallResult } from '#crm-client/wire';
import type { CallOutcome } from './port/index.js';
import { CALL_RESULT, toCaller, toCallEvent, HANGUP_STATUS, toUpload } from './reply-mapper.js';
import { CallEntity } from './telephony.entity.js';

const call = (changes: Partial<CallEntity> = {}): CallEntity =>
  Object.assign(new CallEntity(), {
    ...{ id: '01900000-0000-7000-8000-000000000001', externalId: '1.1', direction: 'in', phone: '+79161234567', code: '101', userId: '11' },
    ...{
      externalPhone: null,
      startedAt: new Date('2026-01-10T10:00:00.000Z'),
      answeredAt: null,
      endedAt: null,
      outcome: null,
      record: null,
      details: null,
    },
    ...changes,
  } satisfies Partial<CallEntity>);

const at = (seconds: number): Date => new Date(Date.parse('2026-01-10T10:00:00.000Z') + seconds * 1000);

describe('the report of a call to the CRM', () => {
  it('uses its own words in each place', () => {
    const outcomes = Object.keys(HANGUP_STATUS) as CallOutcome[];
    for (const outcome of outcomes) {
      expect(TelephonyCallEventHangupStatus).toContain(HANGUP_STATUS[outcome]);
      expect(TelephonyCallResult).toContain(CALL_RESULT[outcome]);
    }
    expect([HANGUP_STATUS['no-answer'], CALL_RESULT['no-answer']]).toEqual(['no answered', 'no answer']);
    expect([HANGUP_STATUS.cancelled, CALL_RESULT.cancelled]).toEqual(['cancel', 'no answer']);
    expect(outcomes.filter((outcome) => HANGUP_STATUS[outcome] === 'answered' || CALL_RESULT[outcome] === 'answered')).toEqual([
      'answered',
    ]);
  });

  it.each([
    [20.4, 65.2, 20, 66],
    [0, 0, 0, 1],
    [5, 5, 5, 6],
    [undefined, 30, 30, 31],
    [undefined, 30.5, 30, 31],
  ])('answered after %s s, over after %s s: waited %s, lasted %s', (answered, ended, waiting, duration) => {
    const upload = toUpload(
      call({ answeredAt: answered === undefined ? null : at(answered), endedAt: at(ended), outcome: 'answered' }),
      {},
    );
    expect([upload.durationWaiting, upload.duration]).toEqual([waiting, duration]);
  });

  it('states that a number is hidden, because it must not be blank', () => {
    const hidden = call({ phone: null, endedAt: at(1), outcome: 'cancelled' });
    expect(toUpload(hidden, {}).phone).toBe('anonymous');
    expect(toCallEvent(hidden, { type: 'in', codes: ['101'] }, {}).phone).toBe('anonymous');
  });

  it('names the status of an end only', () => {
    expect(toCallEvent(call(), { type: 'in', codes: ['101'] }, { site: 'main' })).toEqual({
      ...{ phone: '+79161234567', type: 'in', codes: ['101'], site: 'main', callExternalId: '1.1' },
    });
    expect(toCallEvent(call(), { type: 'hangup', codes: ['101'], outcome: 'busy' }, {})).toMatchObject({
      type: 'hangup',
      hangupStatus: 'busy',
    });
  });
});

describe('further details of a call from a PBX', () => {
  const details = {
    ...{ site: 'main', campaign: { name: 'Spring', code: 'spring' }, queryString: 'utm_source=direct', clientId: '1.2' },
    source: { source: 'yandex', medium: 'cpc', campaign: 'spring', keyword: 'boots', content: 'banner' },
  };

  it('is sent with its events: the campaign, and users without a code', () => {
    expect(toCallEvent(call({ details }), { type: 'in', codes: [], userIds: [11] }, {})).toEqual({
      ...{ phone: '+79161234567', type: 'in', userIds: [11], callExternalId: '1.1' },
      webAnalyticsData: { campaign: { name: 'Spring', code: 'spring' }, queryString: 'utm_source=direct' },
    });
    expect(toCallEvent(call({ details: { queryString: 'a=b' } }), { type: 'in', codes: ['101'] }, {}).webAnalyticsData).toEqual({
      queryString: 'a=b',
    });
  });

  it('is uploaded with it: source and client id, and no campaign', () => {
    const upload = toUpload(call({ details, code: null, endedAt: at(5) }), {});
    expect(upload).toMatchObject({ userId: 11, source: details.source, clientId: '1.2' });
    expect(upload).not.toHaveProperty('code');
    expect(upload).not.toHaveProperty('webAnalyticsData');
  });
});

describe('the CRM’s data about a caller', () => {
  it('is the manager, the customer and their pages', () => {
    const caller = toCaller({
      success: true,
      manager: { id: '11', firstName: 'Anna', lastName: 'Petrova', email: 'anna@example.com', code: '101' },
      customer: {
        id: '7',
        externalId: 'x-7',
        firstName: 'Olga',
        patronymic: 'I.',
        lastName: null,
        phones: [{ number: '+79161234567' }, {}],
      },
      links: { newOrderLink: 'https://a/1', lastOrderLink: 'https://a/2', newCustomerLink: 'https://a/3', customerLink: 'https://a/4' },
    });
    expect(caller).toEqual({
      manager: { id: 11, code: '101', name: 'Anna Petrova', email: 'anna@example.com' },
      customer: { id: 7, externalId: 'x-7', name: 'Olga I.', phones: ['+79161234567'] },
      links: { newOrder: 'https://a/1', lastOrder: 'https://a/2', newCustomer: 'https://a/3', customer: 'https://a/4' },
    });
  });

  it('is empty if the reply contains no one', () => {
    expect(toCaller({ success: true })).toBeUndefined();
    expect(toCaller({ success: true, manager: { firstName: 'Anna' } })).toBeUndefined();
  });
});
