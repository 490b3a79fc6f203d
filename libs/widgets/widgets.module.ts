import { Module } from '@nestjs/common';
import { WidgetSources } from './widget-source.js';

/** Contents of the buttons and sidebars in the CRM's cards. */
@Module({ providers: [WidgetSources], exports: [WidgetSources] })
export class WidgetsModule {}
