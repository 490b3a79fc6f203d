import { Injectable, Logger } from '@nestjs/common';
import { And, In, LessThanOrEqual, MoreThan, Not } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { bindToRequest, type Connection, ConnectionStore, refuseForShadow } from '#connections';
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
  groupError,
  HandleJob,
  toFirstId,
  toLogLine,
  toRows,
  type Transaction,
} from '#platform';
import { CallBudget, ProviderError } from '#provider-kit';
import { OperationEntity } from './operation.entity.js';
import type { OperationKind, Recovered } from './operation-kind.js';
import { texts } from './operations.texts.js';

/** Reconciles abandoned operations. */
export const reconcileOperations = defineJob<Record<string, never>>('housekeeping', 'operations.reconcile');

/** Longer than any call may take. A running operation beyond it belongs to a process that died. */
const LEASE_MARGIN_MS = 10_000;
const POLL_MS = 50;
/** Maximum error of a process's clock, in milliseconds. */
const WRONG_CLOCK_MS = 60 * 60_000;
/**
 * Seconds between checks of an unknown outcome: half its age. The CRM's repeats also check, and must not
 * delay it.
 */
const CHECK_S = { least: 2, most: 15 * 60 };

/** Seconds for which a hanging call is known to continue, and until that is stored again. */
const HANG_S = { known: 15, again: 5 };

/** Identity and input of an operation. */
export interface OperationDraft<Input> {
  key: string;
  reference?: string;
  subject: string;
  input: Input;
}

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
    private readonly connections: ConnectionStore,
    private readonly environment: Environment,
    private readonly clock: Clock,
  ) {}

  /**
   * Registers a kind, so that any process can finish its operations, with the connection through the provider
   * of an integration.
   */
  define<Input extends object, Result extends object>(kind: OperationKind<Input, Result>, integration?: string): void {
    this.kinds.set(kind.kind, kind as unknown as OperationKind<object, object>);
    if (integration !== undefined) this.integrations.set(kind.kind, integration);
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
   * Frees the key of a finished operation. `olderThanS`: only if it was created at least that many seconds
   * ago.
   */
  async freeKey(
    connection: Connection,
    key: string,
    { tx, olderThanS = 0 }: { tx?: Transaction; olderThanS?: number } = {},
  ): Promise<void> {
    await (tx ?? this.database.dataSource).query(
      `UPDATE operation SET key = NULL WHERE connection_id = $1 AND key = $2 AND state = 'done' AND created_at <= now() - make_interval(secs => $3)`,
      [connection.id, key, olderThanS],
    );
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
      const begun = await this.begin(kind.kind, connection, draft);
      if (begun) return { operation: await this.execute(kind, begun, connection, budget), repeated: false };
      const present = await this.findByKey(connection.id, draft.key);
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
        ...{ request: connection.request ?? null, leaseUntil: now, sentAt: now, checkAt: now, createdAt: now, updatedAt: now },
      }) as OperationEntity & { input: Input };
      const result = await kind.send(begun, connection, { budgetMs: this.environment.PROVIDER_BUDGET_MS, transaction: tx });
      begun.result = await kind.commit(tx, begun, result, connection);
      await repository.insert(begun);
      return { operation: begun as OperationEntity, repeated: false };
    }, connection.request);
  }

  /** Adds values that each repeat must send again to a running operation's input, before its call. */
  async amendInput<Input extends object>(
    operation: OperationEntity & { input: Input },
    added: Partial<Input>,
    tx?: Transaction,
  ): Promise<void> {
    Object.assign(operation.input, added);
    // Within a transaction, the operation is inserted at its end.
    if (tx) return;
    await this.database.query(`UPDATE operation SET input = input || $3, updated_at = now() WHERE id = $1 AND fence = $2`, [
      operation.id,
      operation.fence,
      JSON.stringify(added),
    ]);
  }

  /** Records an operation that a built-in provider finished in the same transaction. */
  async record(tx: Transaction, connectionId: string, kind: string, subject: string, result: object): Promise<void> {
    await tx.query(
      `INSERT INTO operation (id, connection_id, kind, subject, state, result, request) VALUES ($1, $2, $3, $4, 'done', $5, $6)`,
      [uuidv7(), connectionId, kind, subject, JSON.stringify(result), tx.request ?? null],
    );
  }

  /** Returns the keys that have an operation of the connection with an open outcome. */
  async listOpen({ id }: Connection, keys: readonly string[]): Promise<Set<string>> {
    const rows = await this.database.query<{ key: string }>(
      `SELECT key FROM operation WHERE connection_id = $1 AND key = ANY ($2::text[]) AND state IN ('running', 'unknown')`,
      [id, keys],
    );
    return new Set(rows.map(({ key }) => key));
  }

  /**
   * Deletes finished operations by their keys, in the transaction that deletes the records that they answer
   * with.
   */
  async forget(tx: Transaction, done: readonly { connectionId: string; key: string }[]): Promise<void> {
    if (done.length === 0) return;
    await tx.query(
      `DELETE FROM operation o USING unnest($1::uuid[], $2::text[]) AS d (connection_id, key)
       WHERE o.connection_id = d.connection_id AND o.key = d.key AND o.state = 'done'`,
      [done.map(({ connectionId }) => connectionId), done.map(({ key }) => key)],
    );
  }

  /** Returns the inputs of operations of one kind by their references. */
  async findInputs<Input extends object>(
    tx: Transaction,
    connection: Connection,
    kind: string,
    references: readonly string[],
  ): Promise<ReadonlyMap<string, Input>> {
    if (references.length === 0) return new Map();
    const found = await tx.getRepository(OperationEntity).find({
      select: { id: true, reference: true, input: true },
      where: { connectionId: connection.id, kind, reference: In([...references]) },
    });
    return new Map(found.flatMap(({ reference, input }) => (reference === null ? [] : [[reference, input as Input] as const])));
  }

  /** Returns operations of one kind that were started within a time and not rejected, oldest first. */
  async findBegun<Input extends object, Result extends object>(
    tx: Transaction,
    connection: Connection,
    kind: string,
    { after, until }: { after: Date; until: Date },
  ): Promise<{ reference: string | null; input: Input; result: Result | null }[]> {
    const found = await tx.getRepository(OperationEntity).find({
      select: { id: true, reference: true, input: true, result: true },
      where: {
        ...{ connectionId: connection.id, kind, state: Not('refused'), createdAt: And(MoreThan(after), LessThanOrEqual(until)) },
        // The index is by id, which starts with the time of the process that created it.
        id: MoreThan(toFirstId(new Date(after.getTime() - WRONG_CLOCK_MS))),
      },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
    return found.map(({ reference, input, result }) => ({ reference, input: input as Input, result: result as Result | null }));
  }

  /** Whether an operation of a kind is running or has an unknown outcome. */
  isBusy({ id }: Pick<Connection, 'id'>, kind: string): Promise<boolean> {
    return this.database.dataSource.getRepository(OperationEntity).existsBy({ connectionId: id, kind, state: In(['running', 'unknown']) });
  }

  /** Finds operations of any connection by their id, or by the id of their request. */
  search({ id, request }: { id?: string | undefined; request: string }, most: number): Promise<OperationEntity[]> {
    return this.database.dataSource
      .getRepository(OperationEntity)
      .createQueryBuilder('o')
      .where(
        `o.id = ANY (ARRAY(SELECT id FROM operation WHERE id = :id::uuid UNION ALL (SELECT id FROM operation WHERE request = :request LIMIT ${most})))`,
        { id: id ?? null, request },
      )
      .getMany();
  }

  /** Returns the latest operation about a subject for each connection that has one. */
  searchSubject(subject: string, most: number): Promise<Pick<OperationEntity, 'connectionId' | 'kind' | 'state' | 'createdAt'>[]> {
    return this.database.query(
      `SELECT DISTINCT ON (connection_id) connection_id AS "connectionId", kind, state, created_at AS "createdAt"
       FROM (SELECT * FROM operation WHERE subject = $1 ORDER BY id DESC LIMIT 50) o ORDER BY connection_id, id DESC LIMIT $2`,
      [subject, most],
    );
  }

  /** Lists the latest operations of a connection about any of these subjects. */
  listOf(connectionId: string, subjects: readonly string[], most: number): Promise<OperationEntity[]> {
    return this.database.dataSource
      .getRepository(OperationEntity)
      .find({ where: { connectionId, subject: In([...subjects]) }, order: { id: 'DESC' }, take: most });
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

  /**
   * Frees the key of an unknown operation that had no effect according to an operator. Returns false if it
   * was not unknown.
   */
  async release(id: string): Promise<boolean> {
    const rows = toRows(
      await this.database.dataSource.query(
        `UPDATE operation SET state = 'refused', key = NULL, error = 'released by an operator', updated_at = now() WHERE id = $1 AND state = 'unknown' RETURNING id`,
        [id],
      ),
    );
    return rows.length > 0;
  }

  private async begin(
    kind: string,
    { id: connectionId, request }: Connection,
    draft: OperationDraft<object>,
  ): Promise<OperationEntity | undefined> {
    const id = uuidv7();
    const rows = await this.database.query<{ id: string }>(
      `INSERT INTO operation (id, connection_id, kind, key, reference, subject, state, input, request, lease_until)
       VALUES ($1, $2, $3, $4, $5, $6, 'running', $7, $8, now() + make_interval(secs => $9))
       ON CONFLICT (connection_id, key) WHERE key IS NOT NULL DO NOTHING RETURNING id`,
      [
        id,
        connectionId,
        kind,
        draft.key,
        draft.reference ?? null,
        draft.subject,
        JSON.stringify(draft.input),
        request ?? null,
        this.leaseSeconds,
      ],
    );
    return rows.length > 0 ? ((await this.findByKey(connectionId, draft.key)) ?? undefined) : undefined;
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
        await this.refuse(operation, error.message);
        throw error;
      }
      this.logger.warn(
        toLogLine(`outcome of operation ${operation.id} (${operation.kind}) is unknown: ${errorText(error)}`, operation.request),
      );
      if (sending && hasHung) {
        await this.markUnknown(operation, error, { sentInS: HANG_S.known });
        void this.follow(kind, operation, sending, connection);
      } else {
        // Anything that may still arrive at the provider was sent before this moment.
        await this.markUnknown(operation, error, { sentInS: 0 });
      }
      throw error instanceof ProviderError && !error.needsPerson ? makeUncertain(error) : error;
    }
    try {
      return await this.finish(kind, operation, result, connection);
    } catch (error) {
      // The provider has acted. A repeat finds the result immediately instead of waiting for the end of the
      // lease.
      await this.markUnknown(operation, error).catch(() => undefined);
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
    const stillHangs = setInterval(() => void this.noteSent(id, HANG_S.known), HANG_S.again * 1_000);
    stillHangs.unref();
    let end: (taken: OperationEntity) => Promise<unknown>;
    try {
      const result = await sending;
      end = (taken) => this.finish(kind, taken, result, connection, { isAwaited: false });
    } catch (error) {
      const isRefused = error instanceof CallbackError || (error instanceof ProviderError && error.kind !== 'unknown_outcome');
      if (isRefused) end = (taken) => this.refuse(taken, error.message);
      else end = (taken) => this.markUnknown(taken, error, { sentInS: 0 });
    } finally {
      clearInterval(stillHangs);
    }
    try {
      for (;;) {
        const present = await this.database.dataSource.getRepository(OperationEntity).findOneBy({ id });
        if (present?.state !== 'running' && present?.state !== 'unknown') return;
        const taken = await this.takeOver(present);
        if (!taken) {
          // Another process is looking it up.
          await new Promise((resolve) => setTimeout(resolve, POLL_MS).unref());
          continue;
        }
        await end(taken).catch((error: unknown) => this.markUnknown(taken, error, { sentInS: 0 }));
        this.logger.log(toLogLine(`operation ${id} (${operation.kind}) ended after its timeout, and its result was stored`, request));
        return;
      }
    } catch (error) {
      this.logger.warn(toLogLine(`operation ${id} ended after its timeout, and is looked up: ${errorText(error)}`, request));
    }
  }

  /** Stores for how long a call may still be sent, in seconds from now. */
  private async noteSent(id: string, inS: number): Promise<void> {
    await this.database
      .query(`UPDATE operation SET sent_at = now() + make_interval(secs => $2) WHERE id = $1 AND state IN ('running', 'unknown')`, [
        id,
        inS,
      ])
      .catch((error: unknown) => this.logger.warn(`a hanging operation cannot be stored: ${errorText(error)}`));
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
    const taken = await this.takeOver(operation);
    if (!taken) return makeUncertain();
    let recovered: Recovered<Result>;
    try {
      // All its calls share one budget, which is shorter than the lease just taken.
      const { budget = this.newBudget() } = connection;
      const bound = bindToSubject(bindToRequest(connection, taken.request ?? undefined, budget), taken);
      recovered = await kind.recover(taken as OperationEntity & { input: Input }, bound);
    } catch (error) {
      await this.markUnknown(taken, error);
      if (!(error instanceof ProviderError)) throw error;
      return error.kind === 'unknown_outcome' ? error : makeUncertain(error);
    }
    if (recovered === 'unknown') {
      await this.markUnknown(taken, undefined);
      return makeUncertain();
    }
    if (recovered === 'absent') {
      await this.refuse(taken, 'the provider never received it');
      return undefined;
    }
    try {
      await this.finish(kind, taken, recovered.found, connection, { isAwaited });
    } catch (error) {
      // Its result cannot be stored now, or never. It is open again, and looked up like before.
      await this.markUnknown(taken, error).catch(() => undefined);
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
      const rows = toRows(
        await tx.query(
          `UPDATE operation SET state = 'done', result = $3, error = NULL, key = CASE WHEN $4 THEN key END, updated_at = now()
           WHERE id = $1 AND fence = $2 AND state IN ('running', 'unknown') RETURNING id`,
          [operation.id, operation.fence, JSON.stringify(answer), kind.answersRepeats],
        ),
      );
      // Another process took over the operation and stores its own result.
      if (rows.length === 0) throw makeUncertain();
      return { ...operation, state: 'done' as const, result: answer };
    }, operation.request ?? undefined);
  }

  private async refuse(operation: OperationEntity, reason: string): Promise<void> {
    await this.database.query(
      `UPDATE operation SET state = 'refused', key = NULL, error = $3, updated_at = now() WHERE id = $1 AND fence = $2 AND state IN ('running', 'unknown')`,
      [operation.id, operation.fence, reason],
    );
  }

  /** `sentInS`: the call was sent, or may still be sent within that many seconds. */
  private async markUnknown(operation: OperationEntity, error: unknown, { sentInS }: { sentInS?: number } = {}): Promise<void> {
    const text = error === undefined ? null : errorText(error);
    await this.database.query(
      `UPDATE operation SET state = 'unknown', sent_at = coalesce(now() + make_interval(secs => $6::float8), sent_at), lease_until = '-infinity', error = coalesce($3, error), error_group = coalesce($7, error_group), checks = checks + 1, updated_at = now(),
         check_at = now() + make_interval(secs => least(greatest($4::float8, extract(epoch FROM now() - created_at)::float8 / 2), $5::float8))
       WHERE id = $1 AND fence = $2 AND state IN ('running', 'unknown')`,
      [...[operation.id, operation.fence, text, CHECK_S.least, CHECK_S.most, sentInS ?? null], text === null ? null : groupError(text)],
    );
  }

  private async takeOver(operation: OperationEntity): Promise<OperationEntity | undefined> {
    const rows = toRows(
      await this.database.dataSource.query(
        `UPDATE operation SET state = 'running', fence = fence + 1, lease_until = now() + make_interval(secs => $3)
         WHERE id = $1 AND fence = $2 AND (state = 'unknown' OR (state = 'running' AND lease_until <= now())) RETURNING id`,
        [operation.id, operation.fence, this.leaseSeconds],
      ),
    );
    if (rows.length === 0) return undefined;
    return (await this.database.dataSource.getRepository(OperationEntity).findOneBy({ id: operation.id })) ?? undefined;
  }

  private async findByKey(connectionId: string, key: string): Promise<OperationEntity | null> {
    return this.database.dataSource.getRepository(OperationEntity).findOneBy({ connectionId, key });
  }

  private getKind(name: string): OperationKind<object, object> {
    const kind = this.kinds.get(name);
    if (!kind) throw new Error(`operations of kind ${name} are not defined`);
    return kind;
  }

  private newBudget(): CallBudget {
    return new CallBudget(this.environment.PROVIDER_BUDGET_MS);
  }

  private get leaseSeconds(): number {
    return (this.environment.PROVIDER_BUDGET_MS + LEASE_MARGIN_MS) / 1000;
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
