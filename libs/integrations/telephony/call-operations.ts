import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Connection } from '#connections';
import { InjectProviders, type OperationSource, type Providers } from '#integration-kit';
import {
  judgeAbsence,
  type OperationEntity,
  type OperationKind,
  OperationsService,
  OperationStore,
  type Recovered,
  type SendOptions,
} from '#operations';
import { Clock, Database } from '#platform';
import { type CallRequest, OUR_CALLS, type TelephonyProvider } from './port/index.js';
import { CallEntity } from './telephony.entity.js';

/** Kind of the operations, whose `reference` is the call's id at the PBX. */
export const MAKE_CALL = 'telephony.call';
/** Seconds within which the same request is the same call. */
const SAME_CALL_S = 5;

/** Stored input of a click-to-call. */
export interface CallInput {
  request: CallRequest;
  userId?: number;
}

/** Stored result of a placed call. */
export interface CallResult {
  /** The call's id in the PBX's updates, if known. */
  externalId?: string;
}

/** Click-to-call: how it is sent and how a lost reply is recovered. */
@Injectable()
export class CallOperations implements OperationSource {
  readonly call: OperationKind<CallInput, CallResult> = {
    kind: MAKE_CALL,
    callback: 'telephony.make-call',
    answersRepeats: true,
    keyIsPersonal: true,
    send: (operation, connection, options) => this.send(operation.input, connection, options),
    recover: (operation, connection) => this.recover(operation, connection),
    commit: (_manager, _operation, result) => Promise.resolve(result),
  };

  readonly kinds = [this.call];

  constructor(
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly operations: OperationsService,
    private readonly operationStore: OperationStore,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Places a call, once for code and phone within five seconds. Throws ProviderError. */
  async place(connection: Connection, input: { code: string; phone: string; externalPhone?: string; userId?: number }): Promise<void> {
    const { userId, ...asked } = input;
    const key = `call ${asked.code} ${asked.phone}`;
    // An older operation has been answered, so the key is free for another call.
    await this.operationStore.freeKey(connection, key, { olderThanS: SAME_CALL_S });
    const request: CallRequest = { ...asked, reference: `${OUR_CALLS}${uuidv7()}` };
    await this.operations.perform(this.call, connection, {
      key,
      reference: request.reference,
      subject: request.reference,
      input: { request, ...(userId !== undefined && { userId }) },
    });
  }

  private async send({ request, userId }: CallInput, connection: Connection, options: SendOptions): Promise<CallResult> {
    const asked: CallRequest = { ...request, ...(userId !== undefined && { userId }) };
    const placed = await this.providers.call(connection, 'call', (provider, context) => provider.call(asked, context), options);
    return this.toResult(connection, request.reference, placed?.externalId);
  }

  /** The call was placed if updates of it have arrived, or the PBX has it now. */
  private async recover(operation: OperationEntity & { input: CallInput }, connection: Connection): Promise<Recovered<CallResult>> {
    const { reference } = operation.input.request;
    const { id: connectionId } = connection;
    const call = await this.database.dataSource.getRepository(CallEntity).findOne({
      select: { id: true, externalId: true },
      where: [
        { connectionId, externalId: reference },
        { connectionId, reference },
      ],
    });
    if (call) return { found: { externalId: call.externalId } };
    const { recovery } = this.providers.getManifest(connection);
    if (recovery.kind !== 'find' || !this.providers.has(connection, 'findCall')) return 'unknown';
    if (await this.providers.call(connection, 'findCall', (provider, context) => provider.findCall(reference, context)))
      return { found: this.toResult(connection, reference) };
    return judgeAbsence(operation, recovery.settleSeconds, this.clock.now());
  }

  /** Returns the id of a placed call, unless only its updates will contain it. */
  private toResult(connection: Connection, reference: string, returned?: string): CallResult {
    const { placedCalls = 'reference' } = this.providers.getManifest(connection);
    if (placedCalls === 'reference') return { externalId: reference };
    return placedCalls === 'returned' && returned !== undefined ? { externalId: returned } : {};
  }
}
