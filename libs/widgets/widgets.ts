import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { CallbackError, type Language } from '#platform';
import { ProblemsRegistry } from './problems-registry.js';
import { Presses } from './presses.js';
import { WidgetActions } from './widget-actions.js';
import { type FilledWidgets, WidgetSources } from './widget-source.js';
import { chooseLanguage } from './widget-words.js';
import type { BadgeReply, EmbedPress, EmbedRequest, PressResult, Registry, RegistryRequest, WidgetView } from './widget-view.js';
import { texts } from './widgets.texts.js';

/** Finds the source of a widget's call, by its target or thing, and returns its contents. */
@Injectable()
export class Widgets {
  constructor(
    private readonly sources: WidgetSources,
    private readonly presses: Presses,
    private readonly actions: WidgetActions,
    private readonly problems: ProblemsRegistry,
  ) {}

  async readBadge(connection: Connection, request: EmbedRequest): Promise<BadgeReply> {
    const found = this.findByTarget(connection, request);
    return { badge: found ? await found.source.badge(found.view, request, readLanguage(connection, request)) : null };
  }

  /** Throws CallbackError 404 if the module shows nothing at the target. */
  async readView(connection: Connection, request: EmbedRequest): Promise<WidgetView> {
    const found = this.findByTarget(connection, request);
    if (!found) throw new CallbackError(404, texts.noContents);
    return this.show(found, request, readLanguage(connection, request));
  }

  /**
   * Performs an action once per key. `note`: stores who pressed, before anything happens.
   * @throws CallbackError 404 for an unknown action, 403 if it is switched off
   */
  async press(connection: Connection, press: EmbedPress, note: (pressId: string) => Promise<void>): Promise<PressResult> {
    const [integration = ''] = press.thing.split(':');
    const found = this.sources.listFilled(connection).find(({ source }) => source.integration === integration);
    if (!found?.source.act) throw new CallbackError(404, texts.unknownAction);
    const { source, view } = found;
    const language = readLanguage(connection, press);
    const isLone = source.listSwitched?.(view).some(({ action }) => action === press.action) ?? false;
    const {
      document: _,
      late: _late,
      ...result
    } = await this.presses.perform(view, press, { language, isLone }, async (id) => {
      await note(id);
      if (isLone) {
        const allowed = await this.actions.listAllowed(view, integration);
        if (!allowed.has(press.action)) throw new CallbackError(403, texts.notAllowed);
      }
      if (!source.act) throw new CallbackError(404, texts.unknownAction);
      return source.act(view, press, language);
    });
    const isShown = press.target !== undefined && source.targets.includes(press.target);
    return isShown ? { ...result, view: await this.show(found, press, language) } : result;
  }

  /** Returns a page of the registry. Throws CallbackError 404 if no integration of the module has a tab. */
  async readRegistry(connection: Connection, request: RegistryRequest): Promise<Registry> {
    const language = readLanguage(connection, request);
    const lists = this.sources.listFilled(connection).flatMap(({ source: { registry }, view }) => (registry ? [{ registry, view }] : []));
    if (lists.length === 0) throw new CallbackError(404, texts.noContents);
    const tabs = await Promise.all(
      [{ registry: this.problems, view: connection }, ...lists].map(async (one) => ({
        ...one,
        tab: await one.registry.describe(one.view, language),
      })),
    );
    const open = tabs.find(({ tab }) => tab.id === request.tab) ?? tabs[0];
    if (!open) throw new CallbackError(404, texts.noContents);
    return { tabs: tabs.map(({ tab }) => tab), tab: open.tab.id, ...(await open.registry.read(open.view, request, language)) };
  }

  /**
   * Returns the document of a one-time address. If it cannot be fetched, the address stays usable. Undefined
   * if the address is unknown, expired or spent.
   */
  async openDocument(moduleCode: string, token: string): Promise<{ bytes: Uint8Array; name: string; mediaType: string } | undefined> {
    const opened = await this.presses.spend(moduleCode, token);
    if (!opened) return undefined;
    const { connection, thing, action } = opened;
    try {
      return await this.sources.of(connection.module.integration)?.openDocument?.(connection, thing, action);
    } catch (error) {
      await this.presses.giveBack(opened);
      throw error;
    }
  }

  private async show({ source, view }: FilledWidgets, request: EmbedRequest, language: Language): Promise<WidgetView> {
    return this.presses.addTo(view, await source.view(view, request, language), language);
  }

  private findByTarget(connection: Connection, { target = '' }: EmbedRequest): FilledWidgets | undefined {
    return this.sources.listFilled(connection).find(({ source }) => source.targets.includes(target));
  }
}

function readLanguage({ account }: Connection, { locale }: EmbedRequest): Language {
  return chooseLanguage(locale, account.language);
}
