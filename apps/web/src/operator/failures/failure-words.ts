import type { Schemas } from '../api.js';

/** The kinds of failures, in display order. */
export const SOURCES: Readonly<Record<Schemas['FailureSource'], { title: string; hint: string }>> = {
  outbox: { title: 'Messages to the CRM', hint: 'The CRM refused them too often; they are not sent any more.' },
  inbox: { title: 'Events of providers', hint: 'They could not be applied; later events about the same wait for them.' },
  operations: {
    title: 'Calls of unknown outcome',
    hint: 'Nobody knows whether the provider did what it was asked. They are looked up by themselves.',
  },
};

/** Whether a text of the URL is a kind of failure. */
export function isSource(text: string): text is Schemas['FailureSource'] {
  return Object.hasOwn(SOURCES, text);
}
