import { Injectable, Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { bindToRequest, type Connection, ConnectionStore, refuseForShadow, Usage } from '#connections';
import { listSubjectsOf, Subjects } from '#journal';
import {
  CallbackError,
  Clock,
  Database,
  defineJob,
  Environment,
  errorText,
  errorTrace,
  getTracing,
  HandleJob,
  toLogLine,
  toRows,
  type Transaction,
} from '#platform';
import { CallBudget, ProviderError } from '#provider-kit';
import { OperationEntity } from './operation.entity.js';
import type { OperationKind, Recovered } from './operation-kind.js';
import { type OperationDraft, OperationStore } from './operation-store.js';
import { texts } from './operations.texts.js';

/** Reconciles abandoned operations. */
export const reconcileOperations = defineJob<Record<string, never>>('housekeeping', 'operations.reconcile');

const POLL_MS = 50;
/** Seconds for which a hanging call is known to continue, and until that is stored again. */
const HANG_S = { known: 15, again: 5 };

/** A finished operation, with the result for repeats. */
export interface Performed {
  operation: OperationEntity;
  /** Whether an earlier operation with the same key has produced the result. */
  repeated: boolean;
}

/**
 * Runs each effect once despite crashes, time-outs and repeats (docs/architecture.md, "Keys of operations").
 */
@Injectable()
export class OperationsService {
  private readonly logger = new Logger(OperationsService.name);
  private readonly kinds = new Map<string, OperationKind<object, object>>();
  /** Code of the integration by kind. */
  private readonly integrations = new Map<string, string>();

  constructor(
    private readonly database: Database,
    private readonly store: OperationStore,
    private readonly connections: ConnectionStore,
    private readonly environment: Environment,
    private readonly clock: Clock,
    private readonly usage: Usage,
  ) {}

  /**
   * Registers a kind, so that any process can finish its operations, with the connection through the provider
   * of an integration.
   */
  define<Input extends object, Result extends object>(kind: OperationKind<Input, Result>, integration?: string): void {
    this.kinds.set(kind.kind, kind as unknown as OperationKind<object, object>);
    if (integration !== undefined) this.integrations.set(kind.kind, integration);
    if (kind.callback !== undefined) this.usage.countByOperation(kind.callback);
  }

  /** Lists the kinds whose keys contain personal data. */
  listPersonalKinds(): string[] {
    return [...this.kinds.values()].filter(({ keyIsPersonal }) => keyIsPersonal).map(({ kind }) => kind);
  }

  /**
   * Performs an operation once. A repeated key returns the stored answer if the kind answers repeats.
   * Otherwise it runs after the first. Returns the operation and its result.
   * @throws ProviderError. Kind `unknown_outcome` if the outcome stays unknown within the call's time
   * @throws CallbackError 400 for a trial connection
   */
  async perform<Input extends object, Result extends object>(
    kind: OperationKind<Input, Result>,
    connection: Connection,
    draft: OperationDraft<Input>,
  ): Promise<Performed> {
    refuseForShadow(connection);
    const isLocal = connection.module.manifest.recovery?.kind === 'local';
    return isLocal ? this.performLocally(kind, connection, draft) : this.performOutside(kind, connection, draft);
  }

  /**
   * Stores the operation, calls the provider, commits. A repeat waits for a running call or reconciles it.
   */
  private async performOutside<Input extends object, Result extends object>(
    kind: OperationKind<Input, Result>,
    connection: Connection,
    draft: OperationDraft<Input>,
  ): Promise<Performed> {
    const { budget = this.newBudget() } = connection;
    for (;;) {
      const begun = await this.store.begin(kind.kind, connection, draft);
      if (begun) return { operation: await this.execute(kind, begun, connection, budget), repeated: false };
      const present = await this.store.findByKey(connection.id, draft.key);
      // The operation was rejected or finished in the meantime, so its key is free again.
      if (!present) continue;
      if (present.state === 'done') return { operation: present, repeated: true };
      if (present.state === 'unknown' || present.leaseUntil.getTime() <= this.clock.now().getTime()) {
        // The key may belong to another kind (a deletion that waits for an edit).
        const open = await this.settle(this.getKind(present.kind), present, connection);
        if (open) throw open;
        continue;
      }
      if (budget.left <= POLL_MS) throw makeUncertain();
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /**
   * Makes the call and stores its result in one transaction. Equal keys wait for each other. A rejection
   * rolls back.
   */
  private async performLocally<Input extends object, Result extends object>(
    kind: OperationKind<Input, Result>,
    connection: Connection,
    draft: OperationDraft<Input>,
  ): Promise<Performed> {
    return this.database.transaction(async (tx) => {
      await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`operation ${connection.id} ${draft.key}`]);
      const repository = tx.getRepository(OperationEntity);
      const known = kind.answersRepeats ? await repository.findOneBy({ connectionId: connection.id, key: draft.key }) : null;
      if (known) return { operation: known, repeated: true };
      const now = this.clock.now();
      const begun = repository.create({
        ...{ id: uuidv7(), connectionId: connection.id, kind: kind.kind, subject: draft.subject, reference: draft.reference ?? null },
        ...{ key: kind.answersRepeats ? draft.key : null, input: draft.input, state: 'done', error: null, fence: 1, checks: 0 },
        fromCallback: connection.budget !== undefined,
        ...{ request: connection.request ?? null, leaseUntil: now, sentAt: now, checkAt: now, createdAt: now, updatedAt: now },
      }) as OperationEntity & { input: Input };
      const result = await kind.send(begun, connection, { budgetMs: this.environment.PROVIDER_BUDGET_MS, transaction: tx });
      begun.result = await kind.commit(tx, begun, result, connection);
      await repository.insert(begun);
      await this.count(tx, kind, begun, connection);
      return { operation: begun as OperationEntity, repeated: false };
    }, connection.request);
  }

  /** Finishes operations whose process died or whose outcome is unknown. */
  @HandleJob(reconcileOperations, { everyMs: 3_000 })
  async reconcileDue(_data: object, stopping: AbortSignal): Promise<void> {
    const rows = await this.database.query<{ id: string; request: string | null }>(
      `SELECT id, request FROM operation WHERE (state = 'unknown' AND check_at <= now()) OR (state = 'running' AND lease_until <= now()) ORDER BY check_at LIMIT 200`,
    );
    for (const { id, request } of rows) {
      if (stopping.aborted) return;
      await this.reconcile(id).catch((error: unknown) => {
        this.logger.error(toLogLine(`operation ${id} cannot be reconciled: ${errorTrace(error)}`, request));
      });
    }
  }

  /** Checks one open operation now. Returns its state afterwards, or undefined if it does not exist. */
  async reconcile(id: string): Promise<OperationEntity | undefined> {
    const repository = this.database.dataSource.getRepository(OperationEntity);
    const operation = await repository.findOneBy({ id });
    if (!operation || operation.state === 'done' || operation.state === 'refused') return operation ?? undefined;
    const kind = this.kinds.get(operation.kind);
    const connection = await this.connections.findById(operation.connectionId, this.integrations.get(operation.kind));
    if (kind && connection) {
      const settle = (): Promise<unknown> => this.settle(kind, operation, connection, { isAwaited: false });
      const tracing = getTracing();
      await (tracing ? tracing.spanFor([operation.request], `recover ${operation.kind}`, {}, settle) : settle());
    }
    return (await repository.findOneBy({ id })) ?? undefined;
  }

  private async execute<Input extends object, Result extends object>(
    kind: OperationKind<Input, Result>,
    operation: OperationEntity,
    connection: Connection,
    budget: CallBudget,
  ): Promise<OperationEntity> {
    let result: Result;
    let sending: Promise<Result> | undefined;
    let hasHung = false;
    try {
      // The lease ends after the budget, so a call within its budget is also within the lease.
      budget.refuseLate();
      result = await new Promise<Result>((resolve, reject) => {
        const onHang = (error: ProviderError): void => {
          hasHung = true;
          reject(error);
        };
        const bound = bindToSubject(connection, operation);
        sending = kind.send(operation as OperationEntity & { input: Input }, bound, { budgetMs: budget.left, onHang });
        sending.then(resolve, reject);
      });
    } catch (error) {
      // A CallbackError comes from before the call: the subject no longer exists.
      if (error instanceof CallbackError || (error instanceof ProviderError && error.kind !== 'unknown_outcome')) {
        await this.store.markRefused(operation, error.message);
        throw error;
      }
      this.logger.warn(
        toLogLine(`outcome of operation ${operation.id} (${operation.kind}) is unknown: ${errorText(error)}`, operation.request),
      );
      if (sending && hasHung) {
        await this.store.markUnknown(operation, error, { sentInS: HANG_S.known });
        void this.follow(kind, operation, sending, connection);
      } else {
        // Anything that may still arrive at the provider was sent before this moment.
        await this.store.markUnknown(operation, error, { sentInS: 0 });
      }
      throw error instanceof ProviderError && !error.needsPerson ? makeUncertain(error) : error;
    }
    try {
      return await this.finish(kind, operation, result, connection);
    } catch (error) {
      // The provider has acted. A repeat finds the result immediately instead of waiting for the end of the
      // lease.
      await this.store.markUnknown(operation, error).catch(() => undefined);
      throw error instanceof ProviderError ? makeUncertain(error) : error;
    }
  }

  /**
   * Waits for a call that continues after its time, and uses its result unless the outcome was found in the
   * meantime. Until then it may still arrive at the provider, so it does not count as never made.
   */
  private async follow<Input extends object, Result extends object>(
    kind: OperationKind<Input, Result>,
    operation: OperationEntity,
    sending: Promise<Result>,
    connection: Connection,
  ): Promise<void> {
    const { id, request } = operation;
    const stillHangs = setInterval(() => void this.store.noteSent(id, HANG_S.known), HANG_S.again * 1_000);
    stillHangs.unref();
    let end: (taken: OperationEntity) => Promise<unknown>;
    try {
      const result = await sending;
      end = (taken) => this.finish(kind, taken, result, connection, { isAwaited: false });
    } catch (error) {
      const isRefused = error instanceof CallbackError || (error instanceof ProviderError && error.kind !== 'unknown_outcome');
      if (isRefused) end = (taken) => this.store.markRefused(taken, error.message);
      else end = (taken) => this.store.markUnknown(taken, error, { sentInS: 0 });
    } finally {
      clearInterval(stillHangs);
    }
    try {
      for (;;) {
        const present = await this.database.dataSource.getRepository(OperationEntity).findOneBy({ id });
        if (present?.state !== 'running' && present?.state !== 'unknown') return;
        const taken = await this.store.takeOver(present);
        if (!taken) {
          // Another process is looking it up.
          await new Promise((resolve) => setTimeout(resolve, POLL_MS).unref());
          continue;
        }
        await end(taken).catch((error: unknown) => this.store.markUnknown(taken, error, { sentInS: 0 }));
        this.logger.log(toLogLine(`operation ${id} (${operation.kind}) ended after its timeout, and its result was stored`, request));
        return;
      }
    } catch (error) {
      this.logger.warn(toLogLine(`operation ${id} ended after its timeout, and is looked up: ${errorText(error)}`, request));
    }
  }

  /**
   * Takes over an open operation and determines its outcome. Returns the error to report while it stays
   * unknown.
   */
  private async settle<Input extends object, Result extends object>(
    kind: OperationKind<Input, Result>,
    operation: OperationEntity,
    connection: Connection,
    { isAwaited = true } = {},
  ): Promise<ProviderError | undefined> {
    const taken = await this.store.takeOver(operation);
    if (!taken) return makeUncertain();
    let recovered: Recovered<Result>;
    try {
      // All its calls share one budget, which is shorter than the lease just taken.
      const { budget = this.newBudget() } = connection;
      const bound = bindToSubject(bindToRequest(connection, taken.request ?? undefined, budget), taken);
      recovered = await kind.recover(taken as OperationEntity & { input: Input }, bound);
    } catch (error) {
      await this.store.markUnknown(taken, error);
      if (!(error instanceof ProviderError)) throw error;
      return error.kind === 'unknown_outcome' ? error : makeUncertain(error);
    }
    if (recovered === 'unknown') {
      await this.store.markUnknown(taken, undefined);
      return makeUncertain();
    }
    if (recovered === 'absent') {
      await this.store.markRefused(taken, 'the provider never received it');
      return undefined;
    }
    try {
      await this.finish(kind, taken, recovered.found, connection, { isAwaited });
    } catch (error) {
      // Its result cannot be stored now, or never. It is open again, and looked up like before.
      await this.store.markUnknown(taken, error).catch(() => undefined);
      if (!(error instanceof ProviderError)) throw error;
      return makeUncertain(error);
    }
    this.logger.log(toLogLine(`operation ${operation.id} (${operation.kind}) was reconciled`, operation.request));
    return undefined;
  }

  private async finish<Input extends object, Result extends object>(
    kind: OperationKind<Input, Result>,
    operation: OperationEntity,
    result: Result,
    connection: Connection,
    { isAwaited = true } = {},
  ): Promise<OperationEntity> {
    return this.database.transaction(async (tx) => {
      const answer = await kind.commit(tx, operation as OperationEntity & { input: Input }, result, connection);
      if (!isAwaited) await kind.noteUnanswered?.(tx, operation as OperationEntity & { input: Input }, answer, connection);
      // Another process took over the operation and stores its own result.
      if (toRows(await this.store.markDone(tx, operation, answer, kind.answersRepeats)).length === 0) throw makeUncertain();
      await this.count(tx, kind, operation, connection);
      return { ...operation, state: 'done' as const, result: answer };
    }, operation.request ?? undefined);
  }

  /** Counts the answered callback for the partner, unless it repeats the callback before it. */
  private async count<Input extends object, Result extends object>(
    tx: Transaction,
    { callback, answersRepeats }: OperationKind<Input, Result>,
    operation: OperationEntity,
    connection: Connection,
  ): Promise<void> {
    if (!operation.fromCallback || callback === undefined) return;
    if (answersRepeats || !(await this.store.isRepeat(tx, operation))) await this.usage.add(tx, connection, `callback:${callback}`);
  }

  private getKind(name: string): OperationKind<object, object> {
    const kind = this.kinds.get(name);
    if (!kind) throw new Error(`operations of kind ${name} are not defined`);
    return kind;
  }

  private newBudget(): CallBudget {
    return new CallBudget(this.environment.PROVIDER_BUDGET_MS);
  }
}

/** The journal finds the calls of an operation by its subject. */
function bindToSubject(connection: Connection, { kind, subject }: OperationEntity): Connection {
  const { request, budget, subjects = new Subjects() } = connection;
  subjects.add(...listSubjectsOf(kind, subject));
  return bindToRequest(connection, request, budget, subjects);
}

function makeUncertain(cause?: unknown): ProviderError {
  return new ProviderError(
    'unknown_outcome',
    'The outcome of this call is being checked with the provider. Repeat it in a minute. It will not be done twice.',
    { cause, localText: texts.uncertain },
  );
}
