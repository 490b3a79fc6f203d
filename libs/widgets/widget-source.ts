import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { Language, LocalText } from '#platform';
import type { StoredResult } from './widget.entity.js';
import type {
  EmbedPress,
  EmbedRequest,
  Registry,
  RegistryRequest,
  RegistryTab,
  WidgetBadge,
  WidgetTone,
  WidgetView,
} from './widget-view.js';

/** A tab of the registry page and the rest of the page while the tab is open. */
export interface RegistrySource {
  /** Returns the tab's id and label. */
  describe(connection: Connection, language: Language): Promise<RegistryTab>;
  /** Returns a page of rows. Unknown filters and cursors are ignored. */
  read(connection: Connection, request: RegistryRequest, language: Language): Promise<RegistryPage>;
}

/** The tab of an integration's records. They also appear in the tab of problems. */
export interface RecordsRegistry extends RegistrySource {
  /** Finds the orders that failed records are about, by subjects of the records, or by a searched text. */
  findOrders(connection: Connection, by: { subjects: readonly string[] } | { search: string }): Promise<FoundOrder[]>;
  /** Lists its records that need attention, latest first, at most `most` before a place. */
  listProblems(connection: Connection, before: ProblemPlace, most: number, language: Language): Promise<FoundProblem[]>;
}

/** The page of a tab. */
export type RegistryPage = Omit<Registry, 'tabs' | 'tab'>;

/** The order of a record. */
export interface FoundOrder {
  /** Subject of operations, messages to the CRM or events of the record. */
  readonly subject: string;
  /** Id in the CRM. */
  readonly id: string;
  readonly number: string | null;
}

/** A place in the list of problems: its time, then its key. */
export interface ProblemPlace {
  /** ISO 8601 in UTC with microseconds, or `infinity`. */
  readonly at: string;
  /** Unique and ASCII, such as `delivery:<uuid>`. */
  readonly key: string;
}

/** A record that needs attention. */
export interface FoundProblem extends ProblemPlace {
  readonly order?: Omit<FoundOrder, 'subject'> | undefined;
  readonly text: string;
  readonly advice: string;
  readonly tone: WidgetTone;
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
  /** Lists its actions with an effect, with the actions of the provider. */
  listSwitched?(connection: Connection): readonly SwitchedAction[];
  /** Whether this provider has contents. Default: it has. */
  isFilled?(connection: Connection): boolean;
  /** Returns the button at the request's target. Null: nothing is shown. */
  badge(connection: Connection, request: EmbedRequest, language: Language): Promise<WidgetBadge | null>;
  view(connection: Connection, request: EmbedRequest, language: Language): Promise<WidgetView>;
  /**
   * Performs an action of a view, if our stored state allows it. A press whose outcome is lost is performed
   * again, with the same key. Throws CallbackError or ProviderError.
   */
  act?(connection: Connection, press: EmbedPress, language: Language): Promise<StoredResult>;
  /** Returns the document that an action opens. */
  openDocument?(connection: Connection, thing: string, action: string): Promise<{ bytes: Uint8Array; name: string; mediaType: string }>;
  /** Its tab of the registry page, if it has one. */
  readonly registry?: RecordsRegistry;
}

/** A source with the connection through its provider. */
export interface FilledWidgets {
  readonly source: WidgetSource;
  readonly view: Connection;
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

  /** Lists the sources that fill a connection's widgets. */
  listFilled({ views }: Connection): FilledWidgets[] {
    return views.flatMap((view) => {
      const source = this.of(view.module.integration);
      return source && (source.isFilled?.(view) ?? true) ? [{ source, view }] : [];
    });
  }

  /** Returns the source of an integration, if it has one. */
  of(integration: string): WidgetSource | undefined {
    return this.sources.find((source) => source.integration === integration);
  }
}
