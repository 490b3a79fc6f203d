import { describe, expect, it } from '@jest/globals';
import { listFailures, listSteps, sayMoments, sayWithButtons } from './story-words.js';

type Event = Parameters<typeof listFailures>[0][number];

const event = (changes: Partial<Event>): Event => ({
  ...{ at: '2026-11-27T06:43:56.947Z', source: 'outbox', title: 'Something was done.', outcome: 'ok', details: {} },
  ...changes,
});

describe('the words of a story', () => {
  it('name the button in place of the call of the API', () => {
    expect(sayWithButtons('Nothing is sent, until POST /operator/api/connections/01a2-b/unfreeze.')).toBe(
      'Nothing is sent, until “Unfreeze” at the shop.',
    );
  });

  it('contain the labels of their page’s buttons', () => {
    const advice =
      'Change the settings (PUT /operator/api/connections/01a2-b/settings); at once by POST /operator/api/connections/01a2-b/register.';
    expect(sayWithButtons(advice, '')).toBe('Change the settings (“Settings”); at once by “Register again”.');
  });

  it.each([
    ['told the status delivered, of 2026-11-27 12:55:56 UTC.', 'told the status delivered, of Nov 27, 2026, 13:55:56.'],
    ['2026-11-27T12:55:56.123Z', 'Nov 27, 2026, 13:55:56'],
    ['Order 2026-11-27 was called off.', 'Order 2026-11-27 was called off.'],
  ])('name moments in the zone of the page: %s', (text, said) => {
    expect(sayMoments(text, 'Europe/Madrid')).toBe(said);
  });

  it('leave out the steps that have a button in the story', () => {
    expect(
      listSteps([
        'Message #7 failed. POST /operator/api/outbox/7/replay tries it again.',
        'Ask the shop to enable the module in its CRM.',
        'End the trial: POST /operator/api/connections/1/go-live.',
      ]),
    ).toEqual(['Ask the shop to enable the module in its CRM.', 'End the trial: “Go live” at the shop.']);
  });

  it('list each failure once', () => {
    const failure = { what: 'operations', id: '1' } as const;
    const others = [
      event({ failure: { what: 'operations', id: '2' }, title: 'Another.' }),
      event({ failure: { what: 'outbox', id: '1' } }),
    ];
    const failures = listFailures([event({ failure }), event({}), event({ failure, title: 'Again.' }), ...others]);
    expect(failures.map(({ title }) => title)).toEqual(['Again.', 'Another.', 'Something was done.']);
  });
});
