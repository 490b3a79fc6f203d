import type { CallOutcome } from '#telephony/port';
import type { ZadarmaContext } from './zadarma.settings.js';

/** The fields of Zadarma's notices that are read, all texts. Which ones a notice has depends on the event. */
export const FIELDS = [
  ...(['event', 'pbx_call_id', 'call_start', 'caller_id', 'called_did', 'destination', 'internal', 'last_internal'] as const),
  ...(['duration', 'disposition', 'is_recorded', 'call_id_with_rec'] as const),
];

/** The content of a notice about its call. */
export type Notice = Partial<Record<(typeof FIELDS)[number], string>> & {
  /** When the call began according to its notice, ISO 8601. */
  startedAt?: string;
};

/** Notices that come the moment that their call begins. */
export const BEGINNING: ReadonlySet<string> = new Set(['NOTIFY_START', 'NOTIFY_OUT_START']);

/** Event of an ended call that was read from the statistics. */
export const STATISTICS = 'STATISTICS';

/** Id that all notices of a call have in common, through menus and transfers. */
export const CALL_ID = /^(in|out)_\w{1,100}$/;

/** The short extension, also of a full login (`499499-101`). Undefined when there is none. */
export function readExtension(text: string | undefined): string | undefined {
  const code = (text ?? '').slice((text ?? '').lastIndexOf('-') + 1);
  return /^\d{1,20}$/.test(code) && code !== '0' ? code : undefined;
}

/**
 * Whether a number is a phone of the PBX's own: a full login, or an extension that the settings or the PBX
 * list.
 */
export function isInside(number: string | undefined, { settings, memory }: Pick<ZadarmaContext, 'settings' | 'memory'>): boolean {
  if (number === undefined) return false;
  if (/^\d+-\d{3,5}$/.test(number)) return true;
  return settings.extensions.some(({ code }) => code === number) || (memory['extensions'] ?? '').split(',').includes(number);
}

/** How a call ended (`disposition`), in notices and in statistics. */
const OUTCOMES: ReadonlyMap<string, CallOutcome> = new Map<string, CallOutcome>([
  ['answered', 'answered'],
  ['busy', 'busy'],
  ['no answer', 'no-answer'],
  ['cancel', 'cancelled'],
  ['failed', 'failed'],
  ['call failed', 'failed'],
  ['unallocated number', 'failed'],
  // The PBX account blocks the call. The customer's line was not tried.
  ['no money', 'not-allowed'],
  ['no money, no limit', 'not-allowed'],
  ['no limit', 'not-allowed'],
  ['no day limit', 'not-allowed'],
  ['line limit', 'not-allowed'],
]);

/** Reads an outcome; `unknown` for a word that is not in the table. */
export function readOutcome(disposition = ''): CallOutcome {
  return OUTCOMES.get(disposition.trim().toLowerCase()) ?? 'unknown';
}
