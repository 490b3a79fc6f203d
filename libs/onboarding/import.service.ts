import { Injectable, Logger } from '@nestjs/common';
import { bulkhead } from 'cockatiel';
import { type Connection, ConnectionStore, type HostedModule, type Imported, ImportKinds, type ImportLineDto } from '#connections';
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
import { toLoose } from './loose.js';
import { RegistrationService } from './registration.service.js';

/** Accounts whose key is checked at the same time. */
const CHECKS_AT_ONCE = 8;
const CONNECTION = 'connection';
const AGAIN = 'could not be stored beside what else is going on: run the import again';

/** What became of one line, or would in a dry run. */
export interface ImportedLine {
  /** From 0. */
  index: number;
  /** `known`: it was there already, and nothing was changed. */
  outcome: Imported['outcome'] | 'refused';
  /** Ours, of what was made or found; none in a dry run. */
  id?: string;
  /** Why it was refused, in a sentence. */
  reason?: string;
  /** The same by field. */
  errors?: Record<string, string>;
}

/** What a line does in the transaction that it has for itself. */
type Work = (tx: Transaction) => Promise<Imported>;

/** Ends the transaction of a dry run. */
class RolledBack extends Error {}

/** Takes in customers of another module, line by line: each is done once and wholly, or not at all. */
@Injectable()
export class ImportService {
  private readonly logger = new Logger(ImportService.name);

  constructor(
    private readonly connecting: ConnectingService,
    private readonly connections: ConnectionStore,
    private readonly registration: RegistrationService,
    private readonly kinds: ImportKinds,
    private readonly database: Database,
  ) {}

  /**
   * Takes lines in, in their order, each in a transaction of its own; a dry run stores nothing. Returns what
   * became of each. The lines of a killed run may come again.
   * @param request number of the request
   */
  async run(lines: readonly unknown[], dryRun: boolean, request: string): Promise<ImportedLine[]> {
    const checks = bulkhead(CHECKS_AT_ONCE, Infinity);
    // The CRMs are asked before, so that no transaction waits for them.
    const works = await Promise.all(
      lines.map((line) => checks.execute(() => this.prepare(line).catch((error: unknown) => throwing(error)))),
    );
    return dryRun ? this.rehearse(works, request) : this.perform(works, request);
  }

  private async perform(works: readonly Work[], request: string): Promise<ImportedLine[]> {
    const done: ImportedLine[] = [];
    for (const [index, work] of works.entries())
      done.push(await this.settle(index, request, () => this.database.transaction(work, request)));
    return done;
  }

  /** What a line would do is there for those after it, until all is rolled back. */
  private async rehearse(works: readonly Work[], request: string): Promise<ImportedLine[]> {
    const done: ImportedLine[] = [];
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
    const dto = getParser(kind.dto).parse(line, 'line') as ImportLineDto;
    const module = this.connecting.findModule(dto.module);
    if (!module.parts.some(({ integration }) => integration === kind.integration))
      throw new BadInputError({ module: `takes no lines of kind ${kind.kind}` });
    const systemUrl = await this.connecting.acceptUrl(dto.systemUrl, 'systemUrl');
    return async (tx) => kind.take(tx, await this.findConnection(tx, module, kind.integration, { ...dto, systemUrl }), dto);
  }

  /** One that is there stays as it is: its key may be newer than the line's. */
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
    { systemUrl, code = module.code }: ImportLineDto,
  ): Promise<Connection> {
    const connection = await this.connections.findByCode(systemUrl, code, tx, integration);
    if (connection?.module.code === module.code) return connection;
    throw new BadInputError(
      code === module.code
        ? { systemUrl: `is no account with the module ${module.code}: import its connection before` }
        : { code: `is none of the instances of ${module.code} in this account` },
    );
  }

  private async settle(index: number, request: string, work: () => Promise<Imported>): Promise<ImportedLine> {
    try {
      return { index, ...(await work()) };
    } catch (error) {
      return { index, outcome: 'refused', ...this.explain(error, index, request) };
    }
  }

  private explain(error: unknown, index: number, request: string): Pick<ImportedLine, 'reason' | 'errors'> {
    if (error instanceof BadInputError) return { reason: describe(error), errors: error.errors };
    if (error instanceof CallbackError) {
      const { status, message, errors } = error;
      return { reason: status >= 500 ? `${message} Run the import again.` : message, ...(errors && { errors }) };
    }
    if (isDatabaseUnavailable(error) && !isLockConflict(error)) throw error;
    if (isUniqueViolation(error) || isLockConflict(error)) return { reason: `It ${AGAIN}.` };
    this.logger.error(toLogLine(`line ${index} cannot be imported: ${errorTrace(error)}`, request));
    return { reason: 'It failed for a reason of this program, which was logged.' };
  }
}

/** A line that is refused in its turn. */
function throwing(error: unknown): Work {
  return () => Promise.reject(error as Error);
}

function describe({ errors }: BadInputError): string {
  const problems = Object.entries(errors).map(([field, problem]) => `${field} ${problem}`);
  return `${problems.join('; ')}.`;
}
