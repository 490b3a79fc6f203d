import type { Schemas } from '../api.js';

/** The kinds of failures, in display order. */
export const SOURCES: Readonly<Record<Schemas['FailureSource'], { title: string; hint: string }>> = {
  outbox: { title: 'Messages to the CRM', hint: 'The CRM rejected them too often. They are no longer sent.' },
  inbox: { title: 'Events of providers', hint: 'They could not be applied. Later events for the same item wait for them.' },
  operations: {
    title: 'Unconfirmed calls',
    hint: 'It is unknown whether these calls had an effect. We check automatically.',
  },
};

/** Whether a text of the URL is a kind of failure. */
export function isSource(text: string): text is Schemas['FailureSource'] {
  return Object.hasOwn(SOURCES, text);
}
