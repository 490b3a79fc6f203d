import type { CallView } from '../control-types.js';
import { asText } from '../registration.js';

/** A call that goes on. */
export interface Ringing {
  readonly externalId: string;
  readonly phone: string;
  readonly isIncoming: boolean;
  /** The extensions that see it. */
  readonly who: string;
}

/** The calls whose last event is no hangup, and which were not uploaded yet. */
export function findRinging(calls: readonly CallView[]): Ringing[] {
  return calls.flatMap(({ externalId, phone, call, timeline }) => {
    const last = timeline.findLast(({ what }) => what === 'event');
    if (externalId === undefined || call !== undefined || last === undefined || last.type === 'hangup') return [];
    const codes = Array.isArray(last.codes) ? last.codes.map((code) => asText(code)).join(', ') : asText(last.codes);
    return [{ externalId, phone, isIncoming: last.type === 'in', who: codes && `extension ${codes}` }];
  });
}
