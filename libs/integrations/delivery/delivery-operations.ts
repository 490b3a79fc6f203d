import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Connection } from '#connections';
import { type CallOptions, InjectProviders, type OperationSource, type Providers, type ReplyProblem } from '#integration-kit';
import { type OperationKind, recoverCreation, sendUnlessRejected } from '#operations';
import { AccountNotices } from '#onboarding';
import { OutboxService } from '#outbox';
import { Clock, Database, fillIn, type LocalText, type Transaction } from '#platform';
import { makeFieldError, ProviderError, unlessError } from '#provider-kit';
import type { DeliveryEntity } from './delivery.entity.js';
import { computeFirstPoll } from './delivery-poll.js';
import { toExistingDelivery, toPresentReport } from './delivery-rows.js';
import { assertEditable } from './delivery-checks.js';
import { DeliveryStore } from './delivery-store.js';
import { TRACKING } from './delivery-statuses.service.js';
import { buildUnansweredNotice, getNoticeSubject } from './delivery-notices.js';
import { texts } from './delivery.texts.js';
import type { Decision, DeliveryProvider, SavedDelivery, SaveRequest } from './port/index.js';
import type { Choice } from './rules/choose-rule.js';
import { choose } from './rules/delivery-choices.js';
import { readReported } from './reported.js';
import { readStoredRequest } from './stored-request.js';

interface SaveInput {
  request: SaveRequest;
  hash: string;
  generation: number;
  /** The choice of the rules. Missing if they chose nothing. */
  choice?: Choice | undefined;
}

interface DeliveryInput {
  deliveryId: string;
}

interface EditInput extends DeliveryInput {
  request: SaveRequest;
  hash: string;
}

interface DecideInput extends DeliveryInput {
  decision: Decision;
}

/** Kind of the operation that registers a delivery. */
export const SAVE = 'delivery.save';

/** The operation's key of an order's nth delivery. */
export function buildSaveKey(order: string, generation: number): string {
  return `${SAVE}:${order}:${generation}`;
}

/** Seconds until the CRM has read a reply to a save. Until then it does not know the delivery. */
const REPLY_S = 5;

const NOTHING = {};

/**
 * Delivery calls with an effect: how each is sent, recovered and stored. Calls for one delivery run one at a
 * time.
 */
@Injectable()
export class DeliveryOperations implements OperationSource {
  /**
   * Registers an order's delivery. For our own services `DeliverySaveService` uses one statement instead (ADR
   * 1).
   */
  readonly save: OperationKind<SaveInput, SavedDelivery> = {
    kind: SAVE,
    callback: 'delivery.save',
    answersRepeats: true,
    send: async ({ input }, connection, options) => {
      const chosen = choose(connection, input.choice);
      const warnings = await this.checkAddress(chosen, input.request, undefined, options);
      return addWarnings(await this.callSave(chosen, input.request, undefined, options), warnings);
    },
    recover: async (operation, stored) => {
      const { request, choice } = operation.input;
      const connection = choose(stored, choice);
      return recoverCreation(operation, connection, {
        recovery: this.providers.getManifest(connection).recovery,
        ...(this.providers.has(connection, 'find') && {
          find: () =>
            this.providers.call(connection, 'find', (provider, context) =>
              provider.find(request.reference, context, { request: readStoredRequest(request), at: operation.createdAt }),
            ),
        }),
        send: () => this.callSave(connection, request),
        now: this.clock.now(),
      });
    },
    commit: async (tx, { input: { request, hash, generation, choice } }, saved, connection) => {
      const id = uuidv7();
      await this.refuseWrong(tx, connection, { id, saved });
      const pollInS = computeFirstPoll(this.providers.getMember(connection, 'track'));
      await this.store.insert(tx, connection, { id, request, requestHash: hash, saved, choice }, { generation, pollInS });
      return toResult(id, saved);
    },
    noteUnanswered: async (tx, { input: { request } }, answer, connection) => {
      const { deliveryId } = answer as { deliveryId: string };
      await this.store.noteUnanswered(tx, deliveryId);
      const notice = buildUnansweredNotice(connection.module.name, request.orderNumber ?? request.order);
      await this.notices.add(connection.id, getNoticeSubject(deliveryId), notice, tx);
    },
  };

  readonly edit: OperationKind<EditInput, SavedDelivery> = {
    kind: 'delivery.edit',
    callback: 'delivery.save',
    answersRepeats: false,
    send: async ({ input }, connection, options) => {
      const row = await this.store.loadLive(connection, input.deliveryId, options.transaction);
      assertEditable(this.providers.getManifest(connection), row.status);
      const chosen = choose(connection, row);
      const warnings = await this.checkAddress(chosen, input.request, row, options);
      return addWarnings(await this.callSave(chosen, input.request, row, options), warnings);
    },
    // An edit states the wanted result, so resending it is safe: edits of one delivery never overlap.
    recover: async ({ input }, connection) => {
      const row = await this.store.load(connection, input.deliveryId);
      if (row.deletedAt) return 'absent';
      const chosen = choose(connection, row);
      const saved = await sendUnlessRejected(connection, () => this.callSave(chosen, input.request, row));
      return saved ? { found: saved } : 'absent';
    },
    commit: async (tx, { input: { deliveryId, request, hash } }, saved, connection) => {
      await this.refuseWrong(tx, connection, { id: deliveryId, saved });
      const held = readReported(await this.store.load(connection, deliveryId, tx));
      await this.store.storeEdit(tx, { id: deliveryId, request, requestHash: hash, saved, held });
      return toResult(deliveryId, saved);
    },
  };

  readonly cancel: OperationKind<DeliveryInput, object> = {
    kind: 'delivery.delete',
    callback: 'delivery.delete',
    answersRepeats: false,
    send: async ({ input }, connection, options) => {
      const row = await this.store.load(connection, input.deliveryId, options.transaction);
      return this.callCancel(choose(connection, row), row, options);
    },
    // Cancelling a cancelled delivery succeeds, so a repeat both cancels it and shows the outcome.
    recover: async ({ input }, connection) => {
      const row = await this.store.load(connection, input.deliveryId);
      const chosen = choose(connection, row);
      const done = await sendUnlessRejected(connection, () => this.callCancel(chosen, row));
      return done ? { found: NOTHING } : 'absent';
    },
    commit: async (tx, { input: { deliveryId } }, _result, connection) => {
      await this.store.storeDeletion(tx, deliveryId, this.providers.getManifest(connection).cancelledStatus);
      await this.outbox.drop(tx, { connectionId: connection.id, kind: TRACKING }, deliveryId);
      return { deliveryId };
    },
  };

  readonly decide: OperationKind<DecideInput, object> = {
    kind: 'delivery.decide',
    answersRepeats: false,
    send: async ({ input }, connection, options) => {
      const row = await this.store.loadLive(connection, input.deliveryId, options.transaction);
      return this.callDecide(choose(connection, row), row, input.decision, options);
    },
    // A decision states the wanted result, so resending it is safe, as for an edit.
    recover: async ({ input }, connection) => {
      const row = await this.store.load(connection, input.deliveryId);
      if (row.deletedAt) return 'absent';
      const chosen = choose(connection, row);
      const done = await sendUnlessRejected(connection, () => this.callDecide(chosen, row, input.decision));
      return done ? { found: NOTHING } : 'absent';
    },
    commit: async (tx, { input: { deliveryId, decision } }, _result, connection) => {
      const row = await this.store.load(connection, deliveryId, tx);
      await this.store.markDue(tx, connection, [row.externalId]);
      return { deliveryId, decision };
    },
  };

  readonly kinds = [this.save, this.edit, this.cancel, this.decide];

  constructor(
    @InjectProviders('delivery') private readonly providers: Providers<DeliveryProvider>,
    private readonly store: DeliveryStore,
    private readonly outbox: OutboxService,
    private readonly clock: Clock,
    private readonly notices: AccountNotices,
    private readonly database: Database,
  ) {}

  /**
   * Notes that the CRM receives a delivery whose first save got no reply: statuses are sent once it has read
   * the reply to this save, beginning with the present one.
   */
  async noteAnswered(connection: Connection, { id, unansweredAt }: DeliveryEntity): Promise<void> {
    if (!unansweredAt) return;
    await this.database.transaction(async (tx) => {
      const row = await this.store.load(connection, id, tx);
      if (!row.unansweredAt || row.deletedAt) return;
      await this.store.noteAnswered(tx, id);
      await this.notices.withdraw(connection.id, getNoticeSubject(id), tx);
      await this.outbox.addHeld(tx, { connectionId: connection.id, kind: TRACKING, subject: id, payload: toPresentReport(row) }, REPLY_S);
    }, connection.request);
  }

  /**
   * Checks a reply against the order and other deliveries. Throws BrokenReplyError for the id of another live
   * delivery, whose statuses would be mixed up, and for a cost in another currency than the order's.
   */
  private async refuseWrong(tx: Transaction, connection: Connection, { id, saved }: { id: string; saved: SavedDelivery }): Promise<void> {
    const problems: ReplyProblem[] = [];
    const { externalId } = saved;
    const other = await this.store.findOther(tx, connection, { id, externalId });
    if (other) problems.push({ field: 'externalId', problem: `is the id of the delivery of order ${other.order}` });
    if (problems.length > 0) throw this.providers.refuseReply(connection, 'save', problems);
  }

  /**
   * Lets the carrier judge a new address. Returns warnings. Throws ProviderError `invalid` if it is rejected.
   * A check that fails stops nothing: the save itself shows whether the carrier accepts the address.
   */
  private async checkAddress(
    connection: Connection,
    { to }: SaveRequest,
    row: DeliveryEntity | undefined,
    options: CallOptions,
  ): Promise<LocalText[]> {
    if (!to || to.terminal || !this.providers.has(connection, 'checkAddress') || isDeepStrictEqual(row?.request.to, to)) return [];
    const judged = await unlessError(
      (error) => error instanceof ProviderError,
      this.providers.call(connection, 'checkAddress', (provider, context) => provider.checkAddress(to, context), options),
      () => undefined,
    );
    if (judged?.result === 'corrected') return [fillIn(texts.addressCorrected, { address: judged.address })];
    if (judged?.result !== 'rejected') return [];
    const [reason = texts.addressRejected] = judged.reasons;
    throw makeFieldError('delivery.deliveryAddress', reason, reason);
  }

  private callSave(connection: Connection, stored: SaveRequest, row?: DeliveryEntity, options?: CallOptions): Promise<SavedDelivery> {
    const request = readStoredRequest(stored);
    const existing = row && toExistingDelivery(row);
    return this.providers.call(connection, 'save', (provider, context) => provider.save(request, context, existing), options);
  }

  private async callDecide(connection: Connection, row: DeliveryEntity, decision: Decision, options?: CallOptions): Promise<object> {
    const existing = toExistingDelivery(row);
    await this.providers.call(connection, 'decide', (provider, context) => provider.decide(existing, decision, context), options);
    return NOTHING;
  }

  private async callCancel(connection: Connection, row: DeliveryEntity, options?: CallOptions): Promise<object> {
    if (row.deletedAt) return NOTHING;
    const existing = toExistingDelivery(row);
    await this.providers.call(connection, 'cancel', (provider, context) => provider.cancel(existing, context), options);
    return NOTHING;
  }
}

function addWarnings(saved: SavedDelivery, warnings: readonly LocalText[]): SavedDelivery {
  return warnings.length > 0 ? { ...saved, warnings: [...warnings, ...(saved.warnings ?? [])] } : saved;
}

/** The stored result of a save. Its warnings are in the story. */
function toResult(deliveryId: string, { warnings = [] }: SavedDelivery): object {
  return { deliveryId, ...(warnings.length > 0 && { notes: warnings.map(({ en }) => en) }) };
}
