import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { InjectProviders, type OperationSource, type Providers } from '#integration-kit';
import { type LatestOperation, OperationLists } from '#operations';
import { CallbackError, Clock, Database, type Language, textFor } from '#platform';
import { ProviderError } from '#provider-kit';
import {
  definePress,
  type EmbedPress,
  type EmbedRequest,
  listSwitchedOf,
  ProviderPresses,
  type StoredResult,
  type SwitchedAction,
  type WidgetBadge,
  type WidgetSource,
  WidgetActions,
  type WidgetView,
} from '#widgets';
import type { DeliveryEntity } from '../delivery.entity.js';
import { DeliveryStatusEntity } from '../delivery.entity.js';
import { DeliveryPoll } from '../delivery-poll.js';
import { DeliveryPrintService, type PrintedDocument } from '../delivery-print.service.js';
import { toExistingDelivery } from '../delivery-rows.js';
import { DeliveryService } from '../delivery.service.js';
import { DeliveryStore, type ShownColumns } from '../delivery-store.js';
import { texts as deliveryTexts } from '../delivery.texts.js';
import { DeliveryRegistry } from '../delivery.registry.js';
import type { DeliveryProvider } from '../port/index.js';
import { choose } from '../rules/delivery-choices.js';
import { buildBadge, buildView, listActions, type OpenedDelivery } from './delivery-view.js';

const texts = deliveryTexts.widget;

/** Lines of the history that are shown. */
const MOST_STATUSES = 50;
/** For a check while a user waits. After it the worker continues. */
const CHECK_MS = 600;

/** Shows an order's delivery in the CRM's card. */
@Injectable()
export class DeliveryWidget implements WidgetSource, OperationSource {
  readonly integration = 'delivery';
  readonly targets = ['order/card:delivery.after', 'order/mg:delivery.after'];

  readonly press = definePress('delivery.press', {
    call: async (stored, id, press, options) => {
      const row = await this.store.load(stored, id, options.transaction);
      const { notNow: localText } = texts.actions;
      if (row.deletedAt) throw new ProviderError('rejected', localText.en, { localText });
      const existing = toExistingDelivery(row);
      return this.providers.call(choose(stored, row), 'press', (provider, context) => provider.press(press, existing, context), options);
    },
    readSoon: async (tx, connection, id) => this.store.markDue(tx, connection, [(await this.store.load(connection, id, tx)).externalId]),
  });
  readonly kinds = [this.press];

  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly store: DeliveryStore,
    private readonly operations: OperationLists,
    private readonly poll: DeliveryPoll,
    private readonly prints: DeliveryPrintService,
    private readonly deliveries: DeliveryService,
    private readonly actions: WidgetActions,
    private readonly presses: ProviderPresses,
    private readonly database: Database,
    private readonly clock: Clock,
    readonly registry: DeliveryRegistry,
  ) {}

  listSwitched(connection: Connection): SwitchedAction[] {
    return [{ action: 'cancel', title: texts.switches.cancel }, ...listSwitchedOf(this.providers.getManifest(connection))];
  }

  async badge(connection: Connection, { order }: EmbedRequest, language: Language): Promise<WidgetBadge | null> {
    if (!order) return null;
    const row = await this.store.findShown(connection, String(order.id));
    const operation = await this.findOperation(connection, String(order.id), row);
    return buildBadge({ row, operation }, this.providers.getManifest(connection), language);
  }

  async view(connection: Connection, request: EmbedRequest, language: Language): Promise<WidgetView> {
    const order = String(request.order?.id);
    const row = await this.store.findByOrder(connection, order);
    const operation = await this.findOperation(connection, order, row);
    if (row)
      return buildView({ ...(await this.open(connection, row)), operation, history: await this.listHistory(row) }, request, language);
    const badge = buildBadge({ row, operation }, this.providers.getManifest(connection), language);
    const reason = operation?.state === 'refused' ? operation.error : null;
    return {
      title: textFor(texts.title, language),
      state: badge?.text ?? textFor(texts.none, language),
      tone: badge?.tone ?? 'plain',
      alerts: reason === null ? [] : [{ tone: 'bad', text: reason, advice: textFor(texts.correct, language) }],
      sections: [],
      actions: [],
    };
  }

  async act(connection: Connection, { thing, action, key }: EmbedPress, language: Language): Promise<StoredResult> {
    const row = await this.store.load(connection, thing.split(':')[1] ?? '');
    // A repeated cancellation finds the delivery deleted.
    if (action === 'cancel' && row.deletedAt) return { text: textFor(texts.actions.canceled, language), tone: 'good' };
    if (!listActions(await this.open(connection, row), language).some((one) => one.action === action))
      throw new CallbackError(409, texts.actions.notNow);
    if (action === 'check') return this.check(connection, row, language);
    if (action === 'cancel') {
      await this.deliveries.delete(connection, row.id);
      return { text: textFor(texts.actions.canceled, language), tone: 'good' };
    }
    const pressed = await this.presses.perform(this.press, connection, row, { action, key }, language);
    return pressed ?? { text: textFor(texts.actions.opened, language), tone: 'plain', document: true };
  }

  openDocument(connection: Connection, thing: string, action: string): Promise<PrintedDocument> {
    const [, id = ''] = thing.split(':');
    return this.prints.print(connection, { type: action.replace(/^print\./, ''), deliveryIds: [[id]] }, () => true);
  }

  /** Polls the carrier now. If it does not answer in time, the worker polls it next. */
  private async check(connection: Connection, row: DeliveryEntity, language: Language): Promise<StoredResult> {
    try {
      await this.poll.ask(connection, [row], { budgetMs: CHECK_MS });
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      await this.database.transaction((tx) => this.store.markDue(tx, connection, [row.externalId]), connection.request);
      return { text: textFor(texts.actions.stillChecking, language), tone: 'warning' };
    }
    return { text: textFor(texts.actions.checked, language), tone: 'good' };
  }

  /**
   * The latest operation about a delivery. Without a delivery: the one that could not make it. Presses show
   * their outcome themselves.
   */
  private async findOperation(connection: Connection, order: string, row: ShownColumns | undefined): Promise<LatestOperation | undefined> {
    if (row) return this.operations.findLatest(connection, row.id, this.press.kind);
    const operation = await this.operations.findLatestNotDone(connection, order);
    return operation && (await this.store.hasDeleted(connection, order, operation.createdAt)) ? undefined : operation;
  }

  private async open(connection: Connection, row: DeliveryEntity): Promise<Omit<OpenedDelivery, 'history' | 'operation'>> {
    const has = (member: keyof DeliveryProvider): boolean => this.providers.has(connection, member);
    return {
      ...{ row, connection, manifest: this.providers.getManifest(connection), now: this.clock.now() },
      able: { track: has('track'), print: has('print'), cancel: has('cancel') },
      allowed: await this.actions.listAllowed(connection, this.integration),
    };
  }

  private listHistory({ id }: DeliveryEntity): Promise<DeliveryStatusEntity[]> {
    return this.database.dataSource
      .getRepository(DeliveryStatusEntity)
      .find({ where: { deliveryId: id }, order: { id: 'DESC' }, take: MOST_STATUSES });
  }
}
