import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import { type Database, Environment, repeatText } from '#platform';
import { WidgetActions } from './widget-actions.js';
import { type WidgetSource, WidgetSources } from './widget-source.js';

let environment: Environment;
let actions: WidgetActions;

const connection = {
  ...{ id: 'c-1', account: { language: 'en' } },
  views: [{ module: { integration: 'payment' } }],
} as unknown as Connection;

beforeEach(() => {
  environment = new Environment();
  const sources = new WidgetSources();
  const add = (integration: string, ...names: string[]): void =>
    sources.add({
      integration,
      listSwitched: () => names.map((action) => ({ action, title: repeatText(action) })),
    } as unknown as WidgetSource);
  add('payment', 'cancel', 'refund');
  add('delivery', 'cancel');
  const findOneBy = (): Promise<object> => Promise.resolve({ actions: ['payment.refund', 'delivery.cancel', 'payment.gone'] });
  actions = new WidgetActions({ dataSource: { getRepository: () => ({ findOneBy }) } } as unknown as Database, environment, sources);
});

describe('the actions that a shop has switched on', () => {
  it('are allowed for their integration only', async () => {
    expect([...(await actions.listAllowed(connection, 'payment'))]).toEqual(['refund']);
    expect([...(await actions.listAllowed(connection, 'delivery'))]).toEqual(['cancel']);
    expect((await actions.list(connection)).items.map(({ id, isOn }) => [id, isOn])).toEqual([
      ['payment.cancel', false],
      ['payment.refund', true],
    ]);
    await expect(actions.save(connection, ['delivery.cancel'])).rejects.toThrow('must be some of: payment.cancel, payment.refund');
  });

  it('are forbidden by the operator', async () => {
    environment.WIDGET_ACTIONS = 'off';
    expect((await actions.listAllowed(connection, 'payment')).size).toBe(0);
    expect(await actions.list(connection)).toEqual({ items: [] });
  });
});
