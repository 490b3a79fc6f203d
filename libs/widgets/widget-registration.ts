import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Connection } from '#connections';
import type { IntegrationsInput } from '#crm-client/wire';
import { type ModuleExtension, RegistrationContributors } from '#onboarding';
import { Environment, toCrmText } from '#platform';
import { WidgetSources } from './widget-source.js';

/** Code of the registry page: in the bundle, and in the page's address in the CRM. */
const PAGE = 'registry';

/** Position of the page below the CRM's orders. */
const MENU = { menu: 'activity_main_menu', parentMenuItemCode: 'orders', menuItemOrdering: 100 };

/**
 * Adds the widgets to the registration of every module, unless the operator has switched them off (WIDGETS).
 * If the module's archive is published (WIDGETS_PUBLISHED), the CRM has targets and pages from the archive.
 */
@Injectable()
export class WidgetRegistration implements ModuleExtension, OnModuleInit {
  constructor(
    private readonly environment: Environment,
    private readonly sources: WidgetSources,
    private readonly contributors: RegistrationContributors,
  ) {}

  onModuleInit(): void {
    this.contributors.extend(this);
  }

  build(connection: Connection): IntegrationsInput {
    const { module } = connection;
    if (this.environment.WIDGETS === 'off' || this.environment.publishedWidgets.includes(module.code)) return {};
    const sources = this.sources.listFilled(connection).map(({ source }) => source);
    const targets = sources.flatMap((source) => source.targets);
    const hasRegistry = sources.some(({ registry }) => registry);
    if (targets.length === 0 && !hasRegistry) return {};
    return {
      embedJs: {
        entrypoint: '/embed/widget.js',
        stylesheet: '/embed/widget.css',
        // Its default is not known, and pages need it.
        runner: 'worker',
        ...(targets.length > 0 && { targets }),
        ...(hasRegistry && {
          pages: [
            {
              code: PAGE,
              ...MENU,
              menuItemTitle: toCrmText(module.names),
              isSettingsMainPage: false,
            },
          ],
        }),
      },
    };
  }
}
