import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Environment, type Operator } from '../config/index.js';
import { newId } from '../crypto/index.js';
import { Database, prepare, Retention, RETENTION_EVERY_MS } from '../database/index.js';
import { errorText } from '../errors/index.js';
import { toLogLine } from '../logging/index.js';
import { defineJob, HandleJob } from '../queue/index.js';
import { isUuid } from '../validation/index.js';
import type { OperatorProof } from './audit-entry.entity.js';

const cleanAudit = defineJob<Record<string, never>>('housekeeping', 'audit.clean');

/** Most names of a query, and characters of a text, that an entry keeps. */
const MOST = { names: 20, characters: 200 };

const BEGIN = prepare(
  'audit-begin',
  `INSERT INTO audit_entry (id, operator, may, via, request, method, route, params, query, connection, address)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING`,
);
const END = prepare('audit-end', 'UPDATE audit_entry SET status = $2, ms = $3 WHERE id = $1');

/**
 * Who did what: an entry is stored before an action, so that none happens without, and its outcome before the
 * reply leaves. Never holds bodies or values of a query.
 */
@Injectable()
export class AuditTrail {
  private readonly logger = new Logger(AuditTrail.name);
  private readonly entries = new WeakMap<FastifyRequest, string>();

  constructor(
    private readonly database: Database,
    private readonly retention: Retention,
    private readonly environment: Environment,
  ) {}

  /**
   * Stores that a user of a shop presses a button of a widget. Nothing proves who they are. `id`: of the
   * press, so that it has one entry. `about`: more ids. Throws like `begin`.
   */
  async beginClaimed(
    request: FastifyRequest,
    user: { readonly id: number; readonly name?: string | undefined } | undefined,
    connection: string,
    id: string,
    about: Readonly<Record<string, string>>,
  ): Promise<void> {
    const name = `claimed: ${user ? `${toStored(user.name ?? 'user')} (${user.id})` : 'nobody'}`;
    await this.begin(request, { name, may: 'act' }, 'claim', { id, connection, about });
  }

  /** Stores that an operator begins an act. Throws when it cannot be stored: then the act must not happen. */
  async begin(
    request: FastifyRequest,
    { name, may }: Pick<Operator, 'name' | 'may'>,
    via: OperatorProof,
    {
      id = newId(),
      connection = findConnection(request),
      about = {},
    }: { id?: string; connection?: string | undefined; about?: object } = {},
  ): Promise<void> {
    const params = Object.fromEntries(
      Object.entries({ ...(request.params as object | undefined), ...about }).map(([key, value]) => [key, toStored(value)]),
    );
    const query = Object.keys((request.query ?? {}) as object)
      .slice(0, MOST.names)
      .map(toStored);
    await this.database.run(BEGIN, [
      ...[id, name, may, via, request.id, request.method, request.routeOptions.url ?? '', JSON.stringify(params), query],
      ...[connection ?? null, request.ip],
    ]);
    this.entries.set(request, id);
  }

  /**
   * Adds the reply's status to the action's entry, if there is one. A failure is logged: the action is done.
   */
  async end(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const id = this.entries.get(request);
    if (id === undefined) return;
    try {
      await this.database.run(END, [id, reply.statusCode, Math.round(reply.elapsedTime)]);
    } catch (error) {
      this.logger.error(toLogLine(`the outcome ${reply.statusCode} of audit entry ${id} is not stored: ${errorText(error)}`, request.id));
    }
  }

  /** Deletes entries after AUDIT_DAYS. */
  @HandleJob(cleanAudit, { everyMs: RETENTION_EVERY_MS })
  clean(_data: object, stopping: AbortSignal): Promise<void> {
    return this.retention.deleteOld('audit_entry', 'true', 'at', this.environment.AUDIT_DAYS, stopping);
  }
}

/** PostgreSQL stores no NUL. */
function toStored(value: unknown): string {
  return String(value).replaceAll('\0', '').slice(0, MOST.characters);
}

/** Finds the connection that a request names: in its path, query or body. */
function findConnection({ params, query, body, routeOptions }: FastifyRequest): string | undefined {
  const named = [params, query, body].map((part) => (part as { connection?: unknown } | null | undefined)?.connection);
  if (routeOptions.url?.includes('/connections/:id')) named.unshift((params as { id?: unknown }).id);
  return named.find((one): one is string => typeof one === 'string' && isUuid(one));
}
