import { Injectable, Logger } from '@nestjs/common';
import { bulkhead } from 'cockatiel';
import { type Connection, ConnectionStore, type HostedModule, type MovedIn, MoveInKinds, type MoveInLineDto } from '#connections';
import {
  BadInputError,
  CallbackError,
  Database,
  errorTrace,
  getParser,
  isDatabaseUnavailable,
  isLockConflict,
  isUniqueViolation,
  toLogLine,
  type Transaction,
} from '#platform';
import { ConnectingService, NewConnectionDto } from './connecting.service.js';
import { toLoose } from '../crm-lists/loose.js';
import { RegistrationService } from '../registration/registration.service.js';

/** Number of accounts whose keys are checked at the same time. */
const CHECKS_AT_ONCE = 8;
const CONNECTION = 'connection';
const AGAIN = 'could not be stored because of other running work. Run the import again';

/** Outcome of one line, also of a dry run. */
export interface MovedInLine {
  /** Zero-based. */
  index: number;
  /** `known`: the record already existed, and nothing was changed. */
  outcome: MovedIn['outcome'] | 'refused';
  /** Our id of the created or existing record. Missing in a dry run. */
  id?: string;
  /** Reason for the rejection, as a sentence. */
  reason?: string;
  /** The reason by field. */
  errors?: Record<string, string>;
}

/** Work of a line in its own transaction. */
type Work = (tx: Transaction) => Promise<MovedIn>;

/** Ends the transaction of a dry run. */
class RolledBack extends Error {}

/** Imports customers of another module, line by line. Each line is imported completely or not at all. */
@Injectable()
export class MoveInService {
  private readonly logger = new Logger(MoveInService.name);

  constructor(
    private readonly connecting: ConnectingService,
    private readonly connections: ConnectionStore,
    private readonly registration: RegistrationService,
    private readonly kinds: MoveInKinds,
    private readonly database: Database,
  ) {}

  /**
   * Imports lines in order, each in its own transaction. A dry run stores nothing. Returns the outcome of
   * each line. Lines of an interrupted run may be sent again.
   * @param request id of the request
   */
  async run(lines: readonly unknown[], dryRun: boolean, request: string): Promise<MovedInLine[]> {
    const checks = bulkhead(CHECKS_AT_ONCE, Infinity);
    // The CRMs are called first, so that no transaction waits for them.
    const works = await Promise.all(
      lines.map((line) => checks.execute(() => this.prepare(line).catch((error: unknown) => throwing(error)))),
    );
    return dryRun ? this.rehearse(works, request) : this.perform(works, request);
  }

  private async perform(works: readonly Work[], request: string): Promise<MovedInLine[]> {
    const done: MovedInLine[] = [];
    for (const [index, work] of works.entries())
      done.push(await this.settle(index, request, () => this.database.transaction(work, request)));
    return done;
  }

  /** Later lines see the effects of a line until everything is rolled back. */
  private async rehearse(works: readonly Work[], request: string): Promise<MovedInLine[]> {
    const done: MovedInLine[] = [];
    const rehearsal = this.database.transaction(async (tx) => {
      for (const [index, work] of works.entries()) {
        await tx.query('SAVEPOINT line');
        const { id: _id, ...would } = await this.settle(index, request, () => work(tx));
        await tx.query(would.outcome === 'refused' ? 'ROLLBACK TO SAVEPOINT line' : 'RELEASE SAVEPOINT line');
        done.push(would);
      }
      throw new RolledBack();
    }, request);
    await rehearsal.catch((error: unknown) => {
      if (!(error instanceof RolledBack)) throw error;
    });
    return done;
  }

  /** Reads a line. Throws BadInputError or CallbackError. */
  private async prepare(line: unknown): Promise<Work> {
    const { kind: code, settings } = toLoose(line);
    if (code === CONNECTION) return this.prepareConnection(getParser(NewConnectionDto).parse(line, 'line'), settings);
    const kind = typeof code === 'string' ? this.kinds.get(code) : undefined;
    if (!kind) throw new BadInputError({ kind: `must be one of: ${[CONNECTION, ...this.kinds.list()].join(', ')}` });
    const dto = getParser(kind.dto).parse(line, 'line') as MoveInLineDto;
    const module = this.connecting.findModule(dto.module);
    if (!module.providers.some(({ integration }) => integration === kind.integration))
      throw new BadInputError({ module: `does not accept lines of kind ${kind.kind}` });
    const systemUrl = await this.connecting.acceptUrl(dto.systemUrl, 'systemUrl');
    return async (tx) => kind.take(tx, await this.findConnection(tx, module, kind.integration, { ...dto, systemUrl }), dto);
  }

  /** An existing connection stays unchanged, because its key may be newer than the line's. */
  private async prepareConnection(dto: NewConnectionDto, settings: unknown): Promise<Work> {
    const module = this.connecting.findModule(dto.module);
    const systemUrl = await this.connecting.acceptUrl(dto.systemUrl, 'systemUrl');
    const known = await this.connections.findByCode(systemUrl, module.code);
    if (known) return () => Promise.resolve({ outcome: 'known', id: known.id });
    const checked = await this.connecting.check(module, dto, settings);
    return async (tx) => {
      const other = await this.connections.findByCode(systemUrl, module.code, tx);
      if (other) return { outcome: 'known', id: other.id };
      const { id } = await this.connecting.store(tx, module, checked, dto.shadow);
      await this.registration.schedule(tx, id);
      return { outcome: 'created', id };
    };
  }

  private async findConnection(
    tx: Transaction,
    module: HostedModule,
    integration: string,
    { systemUrl, code = module.code }: MoveInLineDto,
  ): Promise<Connection> {
    const connection = await this.connections.findByCode(systemUrl, code, tx, integration);
    if (connection?.module.code === module.code) return connection;
    throw new BadInputError(
      code === module.code
        ? { systemUrl: `is not an account with the module ${module.code}. Import its connection first` }
        : { code: `is not one of the instances of ${module.code} in this account` },
    );
  }

  private async settle(index: number, request: string, work: () => Promise<MovedIn>): Promise<MovedInLine> {
    try {
      return { index, ...(await work()) };
    } catch (error) {
      return { index, outcome: 'refused', ...this.explain(error, index, request) };
    }
  }

  private explain(error: unknown, index: number, request: string): Pick<MovedInLine, 'reason' | 'errors'> {
    if (error instanceof BadInputError) return { reason: describe(error), errors: error.errors };
    if (error instanceof CallbackError) {
      const { status, message, errors } = error;
      return { reason: status >= 500 ? `${message} Run the import again.` : message, ...(errors && { errors }) };
    }
    if (isDatabaseUnavailable(error) && !isLockConflict(error)) throw error;
    if (isUniqueViolation(error) || isLockConflict(error)) return { reason: `It ${AGAIN}.` };
    this.logger.error(toLogLine(`line ${index} cannot be imported: ${errorTrace(error)}`, request));
    return { reason: 'An internal error occurred. It was logged.' };
  }
}

/** Returns the work of a rejected line. */
function throwing(error: unknown): Work {
  return () => Promise.reject(error as Error);
}

function describe({ errors }: BadInputError): string {
  const problems = Object.entries(errors).map(([field, problem]) => `${field} ${problem}`);
  return `${problems.join('; ')}.`;
}
