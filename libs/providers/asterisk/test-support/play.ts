import { getParser } from '#platform';
import type { CallUpdate } from '#telephony/port';
import { AmiParser } from '../ami.message.js';
import { AsteriskNumbers } from '../asterisk.numbers.js';
import { AsteriskSettings } from '../asterisk.settings.js';
import { CallTracker } from '../call-tracker.js';
import type { Recorded } from './recorded-scenes.js';

const settings = getParser(AsteriskSettings).parse({
  ...{ host: 'pbx', username: 'u', secret: 's' },
  extensions: [
    { code: '101', userId: 1 },
    { code: '102', userId: 2 },
    { code: '103', userId: 3 },
    { code: '201', userId: 6, channel: 'PJSIP/alice' },
  ],
});

/** A scene's signals for the CRM, and the calls that ended. */
export interface Played {
  signals: string[];
  ended: CallUpdate['call'][];
  /** Whether something is left to decide or to end. */
  isOpen: boolean;
}

/** Plays a scene to a tracker. */
export function play(events: readonly Recorded[]): Played {
  const tracker = new CallTracker(new AsteriskNumbers(settings));
  const updates: CallUpdate[] = [];
  for (const { scene: _scene, ms, ...fields } of events) {
    const text = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`);
    const { messages } = new AmiParser().push(Buffer.from(`Asterisk Call Manager/11.0.0\r\n${text.join('')}\r\n`));
    updates.push(...messages.flatMap((message) => tracker.apply(message, new Date(ms))));
  }
  return {
    signals: updates
      .flatMap((one) => one.signals)
      .map((signal) => [signal.type, ...signal.codes, ...(signal.type === 'hangup' ? [signal.outcome] : [])].join(' ')),
    ended: updates.map((one) => one.call).filter((call) => call.endedAt),
    isOpen: tracker.dueAt !== undefined || tracker.reconcile([], new Date(0), new Date(0)).length > 0,
  };
}

/** Direction, numbers, who had it, how it ended, and its wait and talk in tenths of a second. */
export function short(call: CallUpdate['call']): string {
  const { startedAt, answeredAt, endedAt } = call;
  const tenths = (from: Date, to: Date | undefined): string => (((to ?? from).getTime() - from.getTime()) / 1000).toFixed(1);
  const times = answeredAt ? `${tenths(startedAt, answeredAt)}+${tenths(answeredAt, endedAt)}` : tenths(startedAt, endedAt);
  return [describeCall(call), times].join(' ');
}

function describeCall({ direction, phone, externalPhone, code, outcome }: CallUpdate['call']): string {
  return [direction, phone ?? '?', externalPhone ?? '-', code ?? 'nobody', outcome].join(' ');
}

/** The outcome without the order among phones and calls; `describe`: a call as text. */
export function summarize({ signals, ended, isOpen }: Played, describe = describeCall): object {
  const phones: Record<string, string[]> = {};
  for (const signal of signals) (phones[signal.split(' ')[1] ?? ''] ??= []).push(signal);
  return { phones, ended: ended.map(describe).sort(), isOpen };
}
