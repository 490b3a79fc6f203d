import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { Language, LocalText } from '#platform';
import type { StoredResult } from './widget.entity.js';
import type { EmbedPress, EmbedRequest, Registry, RegistryRequest, RegistryTab, WidgetBadge, WidgetView } from './widget-view.js';

/** A tab of the registry page and the rest of the page while the tab is open. */
export interface RegistrySource {
  /** Returns the tab's label and count. */
  describe(connection: Connection, language: Language): Promise<RegistryTab>;
  /** Returns a page of rows. Unknown filters and cursors are ignored. */
  read(connection: Connection, request: RegistryRequest, language: Language): Promise<Omit<Registry, 'tabs' | 'tab'>>;
}

/** An action with an effect. It is off until the shop switches it on. */
export interface SwitchedAction {
  /** As in `WidgetAction.action`. */
  readonly action: string;
  readonly title: LocalText;
}

/**
 * An integration's contents of its widgets, in its definition. `badge` and `view` call no service. Their
 * queries are limited to the connection and use an index.
 */
export interface WidgetSource {
  /** The same as `HostedModule.integration`. The things of its actions begin with it: `delivery:<uuid>`. */
  readonly integration: string;
  /** Targets in the CRM's cards at which it shows a button. */
  readonly targets: readonly string[];
  /** Scopes that its widgets need in addition to the integration's. */
  readonly scopes?: readonly string[];
  readonly switchedActions?: readonly SwitchedAction[];
  /** Returns the button at the request's target. Null: nothing is shown. */
  badge(connection: Connection, request: EmbedRequest, language: Language): Promise<WidgetBadge | null>;
  view(connection: Connection, request: EmbedRequest, language: Language): Promise<WidgetView>;
  /**
   * Performs an action of a view, if our stored state allows it. A press whose outcome is lost is performed
   * again. Throws CallbackError or ProviderError.
   */
  act?(connection: Connection, press: EmbedPress, language: Language): Promise<StoredResult>;
  /** Returns the PDF that an action opens. */
  openDocument?(connection: Connection, thing: string, action: string): Promise<{ bytes: Uint8Array; name: string }>;
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
