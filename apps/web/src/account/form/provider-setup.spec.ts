import { describe, expect, it } from '@jest/globals';
import { FORM_TEXTS } from './form-texts.js';
import { PAGE_TEXTS } from '../page-texts.js';
import { fillIn } from '../../kit/language.js';
import {
  type CheckView,
  describeCheck,
  describeSaved,
  describeSetup,
  joinMessages,
  leaveReadable,
  type ProviderSetupView,
} from './provider-setup.js';
import { type SaySetup, SETUP_TEXTS } from './setup-texts.js';

const say: SaySetup = (key, values) => fillIn(SETUP_TEXTS[key].en, values);
const at = '2026-01-01T10:00:00.000Z';
const AWAY: CheckView = { state: 'away', message: 'Stripe did not answer in time.', at };
const OK: CheckView = { state: 'ok', account: 'Shop of Anna', at };

/** Returns the texts shown for a service, and the action offered. */
function said(service: Partial<ProviderSetupView>, hasLeft?: boolean): unknown[] {
  const { lines, action } = describeSetup({ state: 'unset', ...service }, say, hasLeft);
  return [...lines.map(({ text, tone }) => `${tone || 'plain'}: ${text}`), ...(action ? [action] : [])];
}

describe('the description of a service', () => {
  it('is nothing before anything was tried, and once it was taken down', () => {
    expect([said({}), said({ state: 'removed' })]).toEqual([[], []]);
  });

  it('is who the account is', () => {
    expect(said({ check: OK, state: 'connected' })).toEqual([
      'good: Connected as Shop of Anna.',
      'good: The service sends its events here.',
    ]);
    expect(said({ check: { state: 'ok', at } })).toEqual(['good: The service accepts these settings.']);
    expect(said({ check: { ...OK, account: 'Anna S.L.' } })).toEqual(['good: Connected as Anna S.L.']);
  });

  it('states that it rejects the settings, or was unavailable', () => {
    expect(said({ check: { state: 'errors', at } })).toEqual([`bad: ${say('wrong')}`]);
    expect(said({ check: AWAY })).toEqual([
      'bad: The service did not respond (Stripe did not answer in time). The settings are saved, and we’ll retry automatically.',
    ]);
  });

  it('reports no success while the service is unavailable', () => {
    expect(said({ check: AWAY, state: 'connected' })[1]).toBe(`plain: ${say('hooked')}`);
  });

  it('is a question while others occupy the place, until the user leaves it', () => {
    const service = {
      state: 'conflict' as const,
      conflict: [{ about: 'Shop 1', address: 'https://a.example/$&' }, { address: 'https://b.example' }],
    };
    const others = [
      'bad: The service sends its events to https://a.example/$& (Shop 1).',
      'bad: The service sends its events to https://b.example.',
    ];
    expect(said(service)).toEqual([...others, `plain: ${say('askReplace')}`, 'replace']);
    expect(said(service, true)).toEqual([...others, `plain: ${say('left')}`, 'replace']);
  });

  it('is what its user must do, and why it could not be set up', () => {
    const manual = [{ address: 'https://us.example', text: 'At "Webhooks"' }];
    expect(describeSetup({ state: 'manual', manual }, say)).toEqual({ lines: [], steps: manual, action: 'lookAgain' });
    expect(said({ state: 'failed', problem: 'It is full.' })).toEqual([
      'bad: Could not be set up at the service: It is full. We’ll retry automatically.',
      'tryAgain',
    ]);
  });
});

describe('the service’s own message', () => {
  const FAILED: ProviderSetupView = { state: 'failed', problem: 'The endpoint is taken.', check: AWAY };

  it('is shown in our sentence on a page in the same language', () => {
    expect(leaveReadable(FAILED, 'en')).toEqual(FAILED);
    const problem = 'Адрес уже занят.';
    expect(leaveReadable({ ...FAILED, problem }, 'ru')).toEqual({ state: 'failed', problem, check: { state: 'away', at } });
  });

  it('is not shown on a page in another language', () => {
    const left = leaveReadable(FAILED, 'es');
    expect(left).toEqual({ state: 'failed', check: { state: 'away', at } });
    expect(said(left)).toEqual([
      'bad: The service did not respond. The settings are saved, and we’ll retry automatically.',
      'bad: Could not be set up at the service. We’ll retry automatically.',
      'tryAgain',
    ]);
    expect(describeCheck({ state: 'away', at }, say, false).text).toBe('The service did not respond. Try again in a moment.');
  });
});

describe('the description of a check', () => {
  it('names the account, and whether its settings are stored', () => {
    expect(describeCheck(OK, say, true)).toEqual({ text: 'Connected as Shop of Anna.', tone: 'good' });
    expect(describeCheck(OK, say, false)).toEqual({ text: 'Connected as Shop of Anna. Not saved yet.', tone: 'good' });
  });

  it('never calls settings accepted that there was nothing to check of', () => {
    const empty = { state: 'empty' as const, message: 'Add a shop with its key', at };
    expect(describeCheck(empty, say, true)).toEqual({ text: 'There is nothing to check yet: Add a shop with its key.', tone: '' });
  });

  it('points to marked fields only when a field is marked', () => {
    const check = (errors: Record<string, string>): string => describeCheck({ state: 'errors', errors, at }, say, false).text;
    expect(check({ '': 'The account is closed.' })).toBe('The service does not accept these settings.');
    expect(check({ token: 'is wrong' })).toBe('The service does not accept these settings. Correct the marked fields.');
  });

  it('does not mention saving while the service is unavailable', () => {
    const { text, tone } = describeCheck(AWAY, say, false);
    expect([text, tone]).toEqual(['The service did not respond (Stripe did not answer in time). Try again in a moment.', 'bad']);
  });

  it('follows a save', () => {
    expect(describeSaved({ check: OK }, undefined, say)).toEqual({ text: `${say('saved')} Connected as Shop of Anna.`, tone: 'good' });
    const warned = 'Saved. The module is being registered again. See the warnings';
    expect(describeSaved({ check: { state: 'ok', at } }, [], say)).toEqual({ text: `${warned}.`, tone: 'good' });
    expect(describeSaved({}, ['Phones', 'Calls'], say).text).toBe(`${warned}: Phones, Calls.`);
    expect(describeSaved({}, undefined, say)).toEqual({ text: say('saved'), tone: 'good' });
    expect(describeSaved({ check: AWAY }, undefined, say)).toMatchObject({
      text: expect.stringContaining('The settings are saved'),
      tone: 'bad',
    });
  });

  it('is never good when the service refuses what was saved, or was not set up', () => {
    expect(describeSaved({ check: { state: 'errors', at } }, [], say)).toEqual({ text: say('savedWrong'), tone: 'bad' });
    const marked = { state: 'errors' as const, errors: { '': 'no', token: 'is wrong' }, at };
    expect(describeSaved({ check: marked }, [], say).text).toBe(`${say('savedWrong')} Correct the marked fields.`);
    const failed = describeSaved({ state: 'failed', problem: 'Wrong password.', check: OK }, undefined, say);
    expect(failed).toEqual({
      text: 'Saved, but it could not be set up at the service: Wrong password. We’ll retry automatically.',
      tone: 'bad',
    });
  });
});

describe('texts', () => {
  it('are filled in unchanged', () => {
    expect(fillIn('{n} of {name}, {other}', { n: 0, name: '$1{n}' })).toBe('0 of $1{n}, {other}');
  });

  it.each(Object.entries({ ...SETUP_TEXTS, ...FORM_TEXTS, ...PAGE_TEXTS }))('%s has the same places in all languages', (_, texts) => {
    const [en, ...others] = (['en', 'es', 'ru'] as const).map((language) => texts[language]?.match(/\{\w+\}/g)?.sort() ?? []);
    for (const other of others) expect(other).toEqual(en);
  });

  it('of one path are joined, each once', () => {
    expect(joinMessages({ a: 'is weak', '': 'whole' }, undefined, { a: 'is old', b: 'x' }, { a: 'is weak' })).toEqual({
      a: 'is weak; is old',
      '': 'whole',
      b: 'x',
    });
  });
});
