import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Connection } from '#connections';
import { InjectProviders, type OperationSource, type Providers } from '#integration-kit';
import { judgeAbsence, type OperationEntity, type OperationKind, OperationsService, type Recovered } from '#operations';
import { Clock, Database } from '#platform';
import { type CallRequest, OUR_CALLS, type TelephonyProvider } from './port/index.js';
import { CallEntity } from './telephony.entity.js';

/** Kind of the operations, whose `reference` is the call's id at the PBX. */
export const MAKE_CALL = 'telephony.call';
/** The same call requested again within this time is one call. */
const SAME_CALL_S = 5;

/** What is stored of a click-to-call. */
export interface CallInput {
  request: CallRequest;
  userId?: number;
}

/** Click-to-call: how it is sent and how a lost reply is recovered. */
@Injectable()
export class CallOperations implements OperationSource {
  readonly call: OperationKind<CallInput, object> = {
    kind: MAKE_CALL,
    answersRepeats: true,
    keyIsPersonal: true,
    send: async (operation, connection, budgetMs) => {
      await this.providers.call(connection, 'call', (provider, context) => provider.call(operation.input.request, context), { budgetMs });
      return {};
    },
    recover: (operation, connection) => this.recover(operation, connection),
    commit: (_manager, operation) => Promise.resolve({ externalId: operation.input.request.reference }),
  };

  readonly kinds = [this.call];

  constructor(
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly operations: OperationsService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Places a call, once for code and phone within five seconds. Throws ProviderError. */
  async place(connection: Connection, input: { code: string; phone: string; externalPhone?: string; userId?: number }): Promise<void> {
    const { userId, ...asked } = input;
    const key = `call ${asked.code} ${asked.phone}`;
    // An older one has had its answer: the key is free for another call.
    await this.operations.freeKey(connection, key, { olderThanS: SAME_CALL_S });
    const request: CallRequest = { ...asked, reference: `${OUR_CALLS}${uuidv7()}` };
    await this.operations.perform(this.call, connection, {
      key,
      reference: request.reference,
      subject: request.reference,
      input: { request, ...(userId !== undefined && { userId }) },
    });
  }

  /** The call was placed if the listener has seen it, or the PBX has it now. */
  private async recover(operation: OperationEntity & { input: CallInput }, connection: Connection): Promise<Recovered<object>> {
    const { reference } = operation.input.request;
    const calls = this.database.dataSource.getRepository(CallEntity);
    if (await calls.existsBy({ connectionId: connection.id, externalId: reference })) return { found: {} };
    const { recovery } = this.providers.getManifest(connection);
    if (recovery.kind !== 'find' || !this.providers.has(connection, 'findCall')) return 'unknown';
    if (await this.providers.call(connection, 'findCall', (provider, context) => provider.findCall(reference, context)))
      return { found: {} };
    return judgeAbsence(operation, recovery.settleSeconds, this.clock.now());
  }
}
