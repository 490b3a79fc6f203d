import { setTimeout as sleep } from 'node:timers/promises';
import type { ZadarmaAccount } from './zadarma-account.js';

/** Whole calls that are played by name. */
export const ZADARMA_PLAYS = [
  ...(['answered', 'missed', 'busy', 'nobody', 'menu', 'transfer', 'forwarded'] as const),
  ...(['outgoing', 'unanswered', 'no-money', 'inside'] as const),
] as const;
export type ZadarmaPlay = (typeof ZADARMA_PLAYS)[number];

/** Who takes part in a call that is played. */
export interface ZadarmaCast {
  /** The customer; `anonymous` or empty when hidden. */
  phone: string;
  /** The company's number. For outgoing calls the shown one. By default the account's first. */
  did?: string;
  /** Phones of the PBX. By default two of the account. */
  codes?: readonly string[];
  /** Milliseconds between its steps; 0 when left out. */
  paceMs?: number;
  /** The audio, if it is recorded. */
  recording?: Uint8Array;
  /** Ends it: the remaining steps are not played. */
  signal?: AbortSignal;
}

/** Plays a call to its end. Returns its id. Throws when the account lacks the phone, or `signal` ends it. */
export async function playCall(account: ZadarmaAccount, play: ZadarmaPlay, cast: ZadarmaCast): Promise<string> {
  const { phone, did, paceMs = 0, recording, signal } = cast;
  const [first = '', second = first] = cast.codes ?? account.settings.extensions.slice(-2);
  const steps = (...all: (() => unknown)[]): Promise<void> =>
    all.reduce(async (before, step) => {
      await before;
      if (paceMs > 0) await sleep(paceMs, undefined, { ref: false, ...(signal && { signal }) });
      step();
    }, Promise.resolve());
  if (play === 'outgoing' || play === 'unanswered' || play === 'no-money' || play === 'inside') {
    const call = account.outgoing(first, play === 'inside' ? second : phone, did);
    if (play === 'no-money') await steps(() => call.end('no money'));
    else if (play === 'unanswered') await steps(() => call.end('no answer'));
    else {
      const take = (): unknown => (recording === undefined ? call.answer() : call.answer().record(recording));
      await steps(take, () => call.end());
    }
    return call.id;
  }
  const call = account.incoming(phone, did);
  const ring = (): unknown => call.ring(first).ring(second);
  const answer = (): unknown => (recording === undefined ? call.answer(first) : call.answer(first).record(recording));
  const inside: Readonly<Record<typeof play, readonly (() => unknown)[]>> = {
    answered: [ring, answer, () => call.end()],
    missed: [ring, () => call.end('no answer')],
    busy: [ring, () => call.end('busy')],
    nobody: [() => call.end()],
    menu: [() => call.menu(), () => call.end()],
    transfer: [() => call.ring(first), answer, () => call.ring(second), () => call.answer(second), () => call.end()],
    forwarded: [ring, () => call.forward('79031234567'), () => call.end()],
  };
  await steps(...inside[play]);
  return call.id;
}
