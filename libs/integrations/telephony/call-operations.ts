import { InjectProviders, type OperationSource, type Providers } from '#integration-kit';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type Connection, ProviderContexts } from '#connections';
import { absenceOf, type OperationEntity, type OperationKind, OperationsService, type Recovered } from '#operations';
import { Clock, Database } from '#platform';
import { type CallRequest, OUR_CALLS, type TelephonyProvider } from './port/index.js';

/** Kind of the operations, whose `reference` is the call's id at the PBX. */
export const MAKE_CALL = 'telephony.call';
/** The same call asked for again within so long is one call. */
const SAME_CALL_S = 5;

/** What is kept of a click-to-call. */
export interface CallInput {
  request: CallRequest;
  userId?: number;
}

/** Click-to-call: how it is sent and how it is found out whether it was. */
@Injectable()
export class CallOperations implements OperationSource {
  readonly call: OperationKind<CallInput, object> = {
    kind: MAKE_CALL,
    answersRepeats: true,
    send: async (operation, connection, budgetMs) => {
      await this.providers.need(connection, 'call').call(operation.input.request, this.contexts.contextFor(connection, budgetMs));
      return {};
    },
    recover: (operation, connection) => this.recover(operation, connection),
    commit: (_manager, operation) => Promise.resolve({ externalId: operation.input.request.reference }),
  };

  readonly kinds = [this.call];

  constructor(
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly contexts: ProviderContexts,
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
      subject: asked.phone,
      input: { request, ...(userId !== undefined && { userId }) },
    });
  }

  /** It was placed when somebody saw it: the listener or, just now, the PBX itself. */
  private async recover(operation: OperationEntity & { input: CallInput }, connection: Connection): Promise<Recovered<object>> {
    const { reference } = operation.input.request;
    const seen = await this.database.query(`SELECT 1 FROM telephony_call WHERE connection_id = $1 AND external_id = $2`, [
      connection.id,
      reference,
    ]);
    if (seen.length > 0) return { found: {} };
    const provider = this.providers.of(connection);
    const { recovery } = provider.manifest;
    if (recovery.kind !== 'find' || !provider.findCall) return 'unknown';
    if (await provider.findCall(reference, this.contexts.contextFor(connection))) return { found: {} };
    return absenceOf(operation, recovery.settleSeconds, this.clock.now());
  }
}
