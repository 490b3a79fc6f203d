import { describe, expect, it } from '@jest/globals';
import { SCRIPT_TEXTS } from './account-page.texts.js';
import type { PageData } from './page/page-data.js';
import {
  type CheckView,
  describeCheck,
  describeSaved,
  describeService,
  fillIn,
  joinMessages,
  type ServiceView,
} from './page/service-state.js';

const texts = Object.fromEntries(Object.entries(SCRIPT_TEXTS).map(([key, { en }]) => [key, en])) as PageData['texts'];
const at = '2026-01-01T10:00:00.000Z';
const AWAY: CheckView = { state: 'away', message: 'Stripe did not answer in time.', at };
const OK: CheckView = { state: 'ok', account: 'Shop of Anna', at };

/** What is said of a service, and what can be done. */
function said(service: Partial<ServiceView>, hasLeft?: boolean): unknown[] {
  const { lines, action } = describeService({ state: 'unset', ...service }, texts, hasLeft);
  return [...lines.map(({ text, tone }) => `${tone || 'plain'}: ${text}`), ...(action ? [action] : [])];
}

describe('what is said of a service', () => {
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

  it('is that it refuses the settings, or was away', () => {
    expect(said({ check: { state: 'errors', at } })).toEqual([`bad: ${texts.wrong}`]);
    expect(said({ check: AWAY })).toEqual([
      'bad: The service did not answer (Stripe did not answer in time). The settings are saved; it is asked again by itself.',
    ]);
  });

  it('praises nothing while the service is away', () => {
    expect(said({ check: AWAY, state: 'connected' })[1]).toBe(`plain: ${texts.hooked}`);
  });

  it('is a question when others hold the place, until it is left', () => {
    const service = {
      state: 'conflict' as const,
      conflict: [{ about: 'Shop 1', address: 'https://a.example/$&' }, { address: 'https://b.example' }],
    };
    const others = [
      'bad: The service sends its events to https://a.example/$& (Shop 1).',
      'bad: The service sends its events to https://b.example.',
    ];
    expect(said(service)).toEqual([...others, `plain: ${texts.askReplace}`, 'replace']);
    expect(said(service, true)).toEqual([...others, `plain: ${texts.left}`, 'replace']);
  });

  it('is what its user must do, and why it could not be set up', () => {
    const manual = [{ address: 'https://us.example', text: 'At "Webhooks"' }];
    expect(describeService({ state: 'manual', manual }, texts)).toEqual({ lines: [], steps: manual, action: 'lookAgain' });
    expect(said({ state: 'failed', problem: 'It is full.' })).toEqual([
      'bad: Could not be set up at the service: It is full. It is tried again by itself.',
      'tryAgain',
    ]);
  });
});

describe('what is said of a check', () => {
  it('names the account, and whether its settings are stored', () => {
    expect(describeCheck(OK, texts, true)).toEqual({ text: 'Connected as Shop of Anna.', tone: 'good' });
    expect(describeCheck(OK, texts, false)).toEqual({ text: 'Connected as Shop of Anna. Not saved yet.', tone: 'good' });
  });

  it('says nothing of saving while the service is away', () => {
    const { text, tone } = describeCheck(AWAY, texts, false);
    expect([text, tone]).toEqual(['The service did not answer (Stripe did not answer in time). Try again in a moment.', 'bad']);
  });

  it('follows a save', () => {
    expect(describeSaved(OK, false, texts)).toEqual({ text: `${texts.saved} Connected as Shop of Anna.`, tone: 'good' });
    expect(describeSaved({ state: 'ok', at }, true, texts)).toEqual({ text: texts.warned, tone: 'good' });
    expect(describeSaved(undefined, false, texts)).toEqual({ text: texts.saved, tone: 'good' });
    expect(describeSaved(AWAY, false, texts)).toMatchObject({ text: expect.stringContaining('The settings are saved'), tone: 'bad' });
  });
});

describe('texts', () => {
  it('are filled in as they are', () => {
    expect(fillIn('{n} of {name}, {other}', { n: 0, name: '$1{n}' })).toBe('0 of $1{n}, {other}');
  });

  it.each(Object.keys(SCRIPT_TEXTS) as (keyof typeof SCRIPT_TEXTS)[])('%s has the same places in all languages', (key) => {
    const [en, ...others] = (['en', 'es', 'ru'] as const).map((language) => SCRIPT_TEXTS[key][language].match(/\{\w+\}/g)?.sort() ?? []);
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
