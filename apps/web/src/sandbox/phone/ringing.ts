import type { CallView } from '../control-types.js';
import { asText } from '../registration.js';

/** A call in progress. */
export interface Ringing {
  readonly externalId: string;
  readonly phone: string;
  readonly isIncoming: boolean;
  /** The extensions that show it. */
  readonly who: string;
}

/** Returns the calls that were not uploaded yet and whose last event is not a hangup. */
export function findRinging(calls: readonly CallView[]): Ringing[] {
  return calls.flatMap(({ externalId, phone, call, timeline }) => {
    const last = timeline.findLast(({ what }) => what === 'event');
    if (externalId === undefined || call !== undefined || last === undefined || last.type === 'hangup') return [];
    const codes = Array.isArray(last.codes) ? last.codes.map((code) => asText(code)).join(', ') : asText(last.codes);
    return [{ externalId, phone, isIncoming: last.type === 'in', who: codes && `extension ${codes}` }];
  });
}
