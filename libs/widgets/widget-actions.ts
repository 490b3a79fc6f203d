import { Injectable } from '@nestjs/common';
import { IsArray, IsString } from 'class-validator';
import type { Connection } from '#connections';
import { BadInputError, Database, Environment, textFor } from '#platform';
import { WidgetSettingEntity } from './widget.entity.js';
import { WidgetSources } from './widget-source.js';

/** An action with an effect, for the account page. */
export interface WidgetActionView {
  /** `delivery.cancel` */
  id: string;
  title: string;
  isOn: boolean;
}

/** The actions with an effect of a connection's widgets. */
export interface WidgetActionList {
  /** Empty if the operator forbids them, or if the module has no such action. */
  items: WidgetActionView[];
}

/** The actions that are on. */
export class WidgetActionsDto {
  /** Ids of `WidgetActionView`. */
  @IsArray() @IsString({ each: true }) actions!: string[];
}

/** The actions with an effect, which a shop switches on and the operator can forbid (WIDGET_ACTIONS). */
@Injectable()
export class WidgetActions {
  constructor(
    private readonly database: Database,
    private readonly environment: Environment,
    private readonly sources: WidgetSources,
  ) {}

  /** Lists the actions that the shop may switch, in the account's language. */
  async list(connection: Connection): Promise<WidgetActionList> {
    const on = await this.readOn(connection);
    const { language } = connection.account;
    return { items: this.listSwitched(connection).map(({ id, title }) => ({ id, title: textFor(title, language), isOn: on.has(id) })) };
  }

  /** Switches on exactly these actions. Throws BadInputError for an unknown one. */
  async save(connection: Connection, ids: readonly string[]): Promise<WidgetActionList> {
    const known = this.listSwitched(connection).map(({ id }) => id);
    if (!ids.every((id) => known.includes(id))) throw new BadInputError({ actions: `must be some of: ${known.join(', ')}` });
    await this.database.query(
      `INSERT INTO widget_setting (connection_id, actions) VALUES ($1, $2)
       ON CONFLICT (connection_id) DO UPDATE SET actions = excluded.actions, updated_at = now()`,
      [connection.id, [...new Set(ids)]],
    );
    return this.list(connection);
  }

  /** Returns the actions of an integration that users may press now, without the integration's code. */
  async listAllowed(connection: Connection, integration: string): Promise<ReadonlySet<string>> {
    const on = await this.readOn(connection);
    const own = this.sources.of(integration)?.listSwitched?.(connection) ?? [];
    return new Set(own.flatMap(({ action }) => (on.has(`${integration}.${action}`) ? [action] : [])));
  }

  private async readOn({ id }: Connection): Promise<Set<string>> {
    if (this.environment.WIDGET_ACTIONS === 'off') return new Set();
    const row = await this.database.dataSource.getRepository(WidgetSettingEntity).findOneBy({ connectionId: id });
    return new Set(row?.actions);
  }

  private listSwitched({ views }: Connection): (Omit<WidgetActionView, 'title' | 'isOn'> & { title: Parameters<typeof textFor>[0] })[] {
    if (this.environment.WIDGET_ACTIONS === 'off') return [];
    return views.flatMap((view) => {
      const { integration } = view.module;
      const own = this.sources.of(integration)?.listSwitched?.(view) ?? [];
      return own.map(({ action, title }) => ({ id: `${integration}.${action}`, title }));
    });
  }
}
