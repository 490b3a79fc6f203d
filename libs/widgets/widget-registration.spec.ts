import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '#connections';
import type { RegistrationContributors } from '#onboarding';
import { Environment } from '#platform';
import { WidgetRegistration } from './widget-registration.js';
import { type WidgetSource, WidgetSources } from './widget-source.js';

const NAMES = { en: 'Acme', es: 'Acme ES', ru: 'Акме', pt: 'Acme PT' };

let environment: Environment;
let sources: WidgetSources;
let registration: WidgetRegistration;

function connect(...integrations: string[]): Connection {
  const providers = integrations.map((integration) => ({ integration }));
  return { module: { code: 'acme', names: NAMES, providers }, views: providers.map((module) => ({ module })) } as unknown as Connection;
}

beforeEach(() => {
  environment = new Environment();
  sources = new WidgetSources();
  registration = new WidgetRegistration(environment, sources, {} as RegistrationContributors);
  sources.add({ integration: 'delivery', targets: ['a', 'b'] } as unknown as WidgetSource);
  sources.add({ integration: 'payment', targets: ['c'], registry: {} } as unknown as WidgetSource);
});

describe('the registration of widgets', () => {
  it('has the targets of the module’s integrations, and the page if one has rows for it', () => {
    expect(registration.build(connect('delivery'))).toEqual({
      embedJs: { entrypoint: '/embed/widget.js', stylesheet: '/embed/widget.css', runner: 'worker', targets: ['a', 'b'] },
    });
    const { embedJs } = registration.build(connect('delivery', 'payment'));
    expect(embedJs?.targets).toEqual(['a', 'b', 'c']);
    expect(embedJs?.pages).toEqual([
      {
        ...{ code: 'registry', menu: 'activity_main_menu', parentMenuItemCode: 'orders', menuItemOrdering: 100 },
        menuItemTitle: { en: 'Acme', es: 'Acme ES', ru: 'Акме' },
        isSettingsMainPage: false,
      },
    ]);
  });

  it('is empty without widgets, for a published archive, and if the operator switches them off', () => {
    expect(registration.build(connect('recommendation'))).toEqual({});
    environment.WIDGETS_PUBLISHED = 'other, acme';
    expect(registration.build(connect('delivery'))).toEqual({});
    environment.WIDGETS_PUBLISHED = '';
    environment.WIDGETS = 'off';
    expect(registration.build(connect('delivery'))).toEqual({});
  });
});
