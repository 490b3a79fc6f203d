import { Module } from '@nestjs/common';
import { ConnectionsModule } from '#connections';
import { OnboardingModule } from '#onboarding';
import { OperationsModule } from '#operations';
import type { Schema } from '#platform';
import { WidgetsBaseline1765000003800 } from './migrations/1765000003800-widgets-baseline.js';
import { PressesOfThing1765000005600 } from './migrations/1765000005600-presses-of-thing.js';
import { Presses } from './presses.js';
import { ProviderPresses } from './provider-presses.js';
import { ProblemsRegistry } from './problems-registry.js';
import { WidgetActions } from './widget-actions.js';
import { WidgetPressEntity, WidgetSettingEntity } from './widget.entity.js';
import { WidgetRegistration } from './widget-registration.js';
import { WidgetSources } from './widget-source.js';
import { Widgets } from './widgets.js';

/** Entities and migrations of this folder. */
export const widgetsSchema: Schema = {
  entities: [WidgetPressEntity, WidgetSettingEntity],
  accountData: [{ name: 'widgets', tables: [{ table: 'widget_press' }, { table: 'widget_setting' }] }],
  migrations: [WidgetsBaseline1765000003800, PressesOfThing1765000005600],
};

/** Buttons and sidebars in the CRM's cards. */
@Module({
  imports: [ConnectionsModule, OnboardingModule, OperationsModule],
  providers: [WidgetSources, WidgetActions, WidgetRegistration, Presses, ProviderPresses, ProblemsRegistry, Widgets],
  exports: [WidgetSources, WidgetActions, ProviderPresses, Widgets],
})
export class WidgetsModule {}
