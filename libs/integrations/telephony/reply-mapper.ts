import type { exact } from '#crm-client';
import type { TelephonyCall, TelephonyCallEvent, TelephonyCallEventHangupStatus, TelephonyCallResult } from '#crm-client/wire';
import { HIDDEN } from './phones.js';
import type { Caller, CallOutcome, CallSignal } from './port/index.js';
import type { CallEntity } from './telephony.entity.js';

/** `hangupStatus` of an event. It differs from an upload's `result`: here it is "no answered". */
export const HANGUP_STATUS: Readonly<Record<CallOutcome, TelephonyCallEventHangupStatus>> = {
  answered: 'answered',
  busy: 'busy',
  'no-answer': 'no answered',
  cancelled: 'cancel',
  failed: 'failed',
  'not-allowed': 'failed',
  unknown: 'failed',
};

/** `result` of an uploaded call: here it is "no answer". */
export const CALL_RESULT: Readonly<Record<CallOutcome, TelephonyCallResult>> = {
  answered: 'answered',
  busy: 'busy',
  'no-answer': 'no answer',
  cancelled: 'no answer',
  failed: 'failed',
  'not-allowed': 'not allowed',
  unknown: 'unknown',
};

/** Details that an event and an upload need in addition to the call. */
export interface CallPlace {
  /** Code of the call's shop. */
  site?: string;
}

/** Maps a signal to the CRM's event (reference: CallEvent). `codes` are extensions. */
export function toCallEvent(
  call: Pick<CallEntity, 'phone' | 'externalPhone' | 'externalId' | 'details'>,
  signal: CallSignal,
  place: CallPlace,
): TelephonyCallEvent {
  const { campaign, queryString } = call.details ?? {};
  return {
    phone: call.phone ?? HIDDEN,
    type: signal.type,
    ...(signal.codes.length > 0 && { codes: signal.codes }),
    ...(signal.userIds && signal.userIds.length > 0 && { userIds: signal.userIds }),
    ...(signal.type === 'hangup' && { hangupStatus: HANGUP_STATUS[signal.outcome] }),
    ...(place.site && { site: place.site }),
    ...(call.externalPhone && { externalPhone: call.externalPhone }),
    callExternalId: call.externalId,
    ...((campaign ?? queryString) && { webAnalyticsData: { ...(campaign && { campaign }), ...(queryString && { queryString }) } }),
  };
}

/** Maps the CRM's data about a caller (reference: ManagerResponse). Returns undefined if there is none. */
export function toCaller({ manager, customer, links }: exact.TelephonyManagerResponse): Caller | undefined {
  const caller: Caller = {
    ...(manager?.id && {
      manager: { id: Number(manager.id), ...pickTexts({ code: manager.code, name: joinName(manager), email: manager.email }) },
    }),
    ...(customer && {
      customer: {
        ...(customer.id && { id: Number(customer.id) }),
        ...pickTexts({ externalId: customer.externalId, name: joinName(customer), email: customer.email }),
        phones: (customer.phones ?? []).flatMap(({ number }) => number ?? []),
      },
    }),
    ...(links && {
      links: pickTexts({
        ...{ newOrder: links.newOrderLink, lastOrder: links.lastOrderLink },
        ...{ newCustomer: links.newCustomerLink, customer: links.customerLink },
      }),
    }),
  };
  return Object.keys(caller).length > 0 ? caller : undefined;
}

interface Named {
  firstName?: string | null;
  patronymic?: string | null;
  lastName?: string | null;
}

function joinName({ firstName, patronymic, lastName }: Named): string {
  return [firstName, patronymic, lastName].filter(Boolean).join(' ');
}

/** Removes missing and empty texts. */
function pickTexts<Name extends string>(texts: Readonly<Record<Name, string | null | undefined>>): Partial<Record<Name, string>> {
  return Object.fromEntries(Object.entries<string | null | undefined>(texts).filter(([, text]) => text)) as Partial<Record<Name, string>>;
}

/**
 * Maps a finished call to the CRM's format (reference: Call). Times are in seconds. The reference requires
 * the whole call to last longer than the wait for an answer, so the wait is rounded down and the call up.
 */
export function toUpload(call: CallEntity, place: CallPlace & { recordUrl?: string }): TelephonyCall {
  const ended = call.endedAt ?? call.startedAt;
  const waiting = Math.floor(secondsBetween(call.startedAt, call.answeredAt ?? ended));
  return {
    date: call.startedAt,
    type: call.direction,
    phone: call.phone ?? HIDDEN,
    ...(call.code && { code: call.code }),
    ...(call.userId && { userId: Number(call.userId) }),
    result: CALL_RESULT[call.outcome ?? 'unknown'],
    duration: Math.max(Math.ceil(secondsBetween(call.startedAt, ended)), waiting + 1),
    durationWaiting: waiting,
    externalId: call.externalId,
    ...(place.recordUrl && { recordUrl: place.recordUrl }),
    ...(place.site && { site: place.site }),
    ...(call.externalPhone && { externalPhone: call.externalPhone }),
    ...(call.details?.source && { source: call.details.source }),
    ...(call.details?.clientId && { clientId: call.details.clientId }),
  };
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, to.getTime() - from.getTime()) / 1000;
}
