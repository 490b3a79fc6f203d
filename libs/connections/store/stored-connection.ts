import type { ConnectionEntity } from '../connection.entity.js';
import { ConnectionFields } from '../connection.js';
import type { HostedModule } from '../hosted-modules.js';
import { NO_PROBLEMS, type Problems } from '../problems.js';
import { readState } from '../provider-state.js';
import type { CompiledRow, CompiledSettings } from './compiled-settings.js';
import type { Memory, SealedValues } from './sealed-values.js';

const NOTHING: Memory = {};

/** The columns of a connection's row that a `Connection` and calls to its CRM need. */
export type CallerRow = Pick<
  ConnectionEntity,
  | 'id'
  | 'moduleCode'
  | 'code'
  | 'name'
  | 'systemUrl'
  | 'apiKeySealed'
  | 'settingsSealed'
  | 'rulesSealed'
  | 'serviceMemorySealed'
  | 'byProvider'
  | 'account'
  | 'active'
  | 'frozen'
  | 'frozenByOperatorAt'
  | 'disconnectedAt'
  | 'shadow'
  | 'version'
  | 'rejectedCalls'
  | 'problems'
>;

/** The columns that a Connection is built from. */
export type ConnectionRow = Omit<CallerRow, 'apiKeySealed'> & CompiledRow;

/** A sealed column that is opened when it is first read. */
class Stored<Value> {
  private opened: Value | undefined;

  constructor(
    readonly sealed: string | null,
    private readonly open: () => Value,
  ) {}

  get(): Value {
    return (this.opened ??= this.open());
  }
}

/** A connection through one provider, built from its row. Opens sealed columns when they are first read. */
export class StoredConnection extends ConnectionFields {
  constructor(
    row: ConnectionRow,
    module: HostedModule,
    /** Views of all providers. They share this list, which is complete once all views are built. */
    readonly views: readonly StoredConnection[],
    readonly stored: Stored<object>,
    readonly ruled: Stored<object | undefined>,
    readonly memories: Stored<Readonly<Record<string, Memory>>>,
    private readonly compiledSettings: CompiledSettings | undefined,
  ) {
    super({ ...row, rejectedCalls: readState(row, module).rejectedCalls, problems: toProblems(row.problems) }, module);
  }

  get settings(): object {
    return this.stored.get();
  }

  get compiled(): object | undefined {
    return this.compiledSettings?.open();
  }

  get rules(): object | undefined {
    return this.ruled.get();
  }

  get memory(): Memory {
    return this.memories.get()[this.module.manifest.code] ?? NOTHING;
  }
}

/**
 * Builds the connection through each provider of its module. Unchanged settings and rules keep their object
 * from `before`, because providers cache the results of compiling it.
 */
export function buildViews(
  row: ConnectionRow,
  module: HostedModule,
  values: SealedValues,
  before: readonly StoredConnection[],
  compiled?: CompiledSettings,
): readonly StoredConnection[] {
  // Closures must not reference the row, whose compiled settings are 30 KB of text.
  const { id, rulesSealed, serviceMemorySealed } = row;
  const memories = new Stored(serviceMemorySealed, () => values.openMemory({ id, serviceMemorySealed }));
  const views: StoredConnection[] = [];
  for (const part of module.providers) {
    const sealed = compiled ? null : readState(row, part).settingsSealed;
    const known = before.find((view) => view.module === part);
    const open = compiled ? refuseSettings : (): object => values.openSettings(part, id, sealed);
    const settings = known?.stored.sealed === sealed ? known.stored : new Stored(sealed, open);
    const rules =
      known?.ruled.sealed === rulesSealed ? known.ruled : new Stored(rulesSealed, () => values.openRules(part, id, rulesSealed));
    views.push(new StoredConnection(row, part, views, settings, rules, memories, compiled));
  }
  return views;
}

/** Returns the same object for no problems, so that a check for problems is a cheap comparison. */
function toProblems(stored: Problems): Problems {
  return Object.keys(stored).length === 0 ? NO_PROBLEMS : stored;
}

function refuseSettings(): never {
  throw new Error('this connection was read with compiled settings: use those, or read it whole');
}
