import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { Language } from '#platform';
import type {
  EmbedPress,
  EmbedRequest,
  PressResult,
  Registry,
  RegistryRequest,
  RegistryTab,
  WidgetBadge,
  WidgetView,
} from './widget-view.js';

/** A tab of the registry page and the rest of the page while the tab is open. */
export interface RegistrySource {
  /** Returns the tab's label and count. */
  describe(connection: Connection, language: Language): Promise<RegistryTab>;
  /** Returns a page of rows. Unknown filters and cursors are ignored. */
  read(connection: Connection, request: RegistryRequest, language: Language): Promise<Omit<Registry, 'tabs' | 'tab'>>;
}

/**
 * An integration's contents of its widgets, in its definition. `badge` and `view` call no service. Their
 * queries are limited to the connection and use an index.
 */
export interface WidgetSource {
  /** The same as `HostedModule.integration`. */
  readonly integration: string;
  /** Targets in the CRM's cards at which it shows a button. */
  readonly targets: readonly string[];
  /** Returns the button at the request's target. Null: nothing is shown. */
  badge(connection: Connection, request: EmbedRequest, language: Language): Promise<WidgetBadge | null>;
  view(connection: Connection, request: EmbedRequest, language: Language): Promise<WidgetView>;
  /** Performs an action of a view, if our stored state allows it. Throws `CallbackError` if not. */
  act?(connection: Connection, press: EmbedPress, language: Language): Promise<PressResult>;
  /** Its tab of the registry page, if it has one. */
  readonly registry?: RegistrySource;
}

/** The widget sources of all integrations. `IntegrationModule` registers them at start. */
@Injectable()
export class WidgetSources {
  private readonly sources: WidgetSource[] = [];

  add(source: WidgetSource): void {
    this.sources.push(source);
  }

  get all(): readonly WidgetSource[] {
    return this.sources;
  }

  /** Returns the source of an integration, if it has one. */
  of(integration: string): WidgetSource | undefined {
    return this.sources.find((source) => source.integration === integration);
  }
}
