import { Injectable } from '@nestjs/common';
import { type Connection, ConnectionStore } from '#connections';
import {
  BadInputError,
  buildSettingsForm,
  CallbackError,
  Database,
  type DtoClass,
  findMisfits,
  getParser,
  maskSecrets,
  mergeSecrets,
  Reach,
  type SettingsForm,
  textFor,
} from '#platform';
import { judgeAddresses } from './addresses.js';
import { texts } from './onboarding.texts.js';
import { ServiceWatch } from './service-watch.js';
import { type RulesPart, RulesParts } from './rules-parts.js';
import { ServiceCheck } from './service-check.js';

/** Rules as a page shows them. */
export interface RulesView {
  /** The form. */
  schema: SettingsForm;
  /** The form of a sample for the preview. */
  sample: SettingsForm;
  /** Secrets are replaced by whether they are set. */
  values: unknown;
}

/** What of a module has rules, with their class. */
interface Ruled {
  /** Through the provider whose settings they stand beside: of a module, one at most has rules. */
  connection: Connection;
  part: RulesPart;
  type: DtoClass<object>;
}

/** Reads, saves and tries what an account rules beside its settings, for its page and the operator. */
@Injectable()
export class RulesService {
  constructor(
    private readonly connections: ConnectionStore,
    private readonly parts: RulesParts,
    private readonly check: ServiceCheck,
    private readonly watch: ServiceWatch,
    private readonly database: Database,
    private readonly reach: Reach,
  ) {}

  /** Whether the provider through which the connection is seen leaves anything to rule. */
  has(connection: Connection): boolean {
    return this.parts.of(connection) !== undefined;
  }

  /** Returns the rules' form and values. Throws CallbackError 404 where there is nothing to rule. */
  view(of: Connection): RulesView {
    const { connection, part, type } = this.find(of);
    return {
      schema: buildSettingsForm(type),
      sample: buildSettingsForm(part.sample),
      values: maskSecrets(type, connection.rules ?? getParser(type).parse({})),
    };
  }

  /**
   * Stores new rules, once the service accepts what they make of the settings (or could not be asked).
   * Secrets left out stay as they are. Returns what was stored.
   * @throws BadInputError for rules that do not fit or that the service refuses, CallbackError 404 as `view`
   */
  async save(of: Connection, incoming: unknown): Promise<RulesView> {
    const ruled = this.find(of);
    const { connection } = ruled;
    const rules = await this.read(ruled, incoming);
    const variants = ruled.part.listVariants(connection, rules);
    refuseProblems((await this.check.runVariants(connection, variants)).errors);
    await this.database.transaction(async (tx) => {
      await this.connections.keepRules(connection.id, ruled.part.isEmpty(rules) ? undefined : rules, tx);
      // Again: while the service was asked, a save may have begun with a name that goes.
      refuseProblems(await ruled.part.findProblems(connection, rules));
      await this.watch.forget(connection, tx);
    }, connection.request);
    const saved = await this.connections.findById(connection.id, connection.module.integration);
    if (!saved) throw new CallbackError(404, 'The connection is gone.');
    return this.view(saved);
  }

  /**
   * Says what rules do with a sample: those in `request.rules`, which are not stored, or the stored ones.
   * In the account's language, unless another is given.
   * @throws as `save`, and ProviderError
   */
  async preview(of: Connection, request: unknown, language = of.account.language): Promise<object> {
    const ruled = this.find(of);
    const { connection } = ruled;
    const { rules, ...sample } = (typeof request === 'object' && request !== null ? request : {}) as { rules?: unknown };
    const read = getParser(ruled.part.sample).parse(sample);
    const tried = rules === undefined ? connection.rules : await this.read(ruled, rules, 'rules.');
    return ruled.part.preview(connection, tried, read, language);
  }

  /** Returns rules as they would be stored. Throws BadInputError whose paths begin with `prefix`. */
  private async read({ connection, part, type }: Ruled, incoming: unknown, prefix = ''): Promise<object> {
    try {
      const misfits = findMisfits(buildSettingsForm(type), incoming);
      for (const name of part.optionalLists ?? []) if (isEmptyList(incoming, name)) delete misfits[name];
      refuseProblems(misfits);
      const rules = getParser(type).parse(mergeSecrets(type, connection.rules, incoming));
      const [addresses, found] = await Promise.all([
        judgeAddresses(this.reach, type, rules, connection),
        part.findProblems(connection, rules),
      ]);
      refuseProblems({ ...addresses.problems, ...found });
      return rules;
    } catch (error) {
      if (!(error instanceof BadInputError) || prefix === '') throw error;
      throw new BadInputError(Object.fromEntries(Object.entries(error.errors).map(([path, problem]) => [`${prefix}${path}`, problem])));
    }
  }

  private find(of: Connection): Ruled {
    for (const connection of of.views) {
      const part = this.parts.of(connection);
      const type = connection.module.rules;
      if (part && type) return { connection, part, type };
    }
    throw new CallbackError(404, textFor(texts.noRules, of.account.language));
  }
}

function isEmptyList(values: unknown, name: string): boolean {
  const list: unknown = (values as Readonly<Record<string, unknown>> | null)?.[name];
  return Array.isArray(list) && list.length === 0;
}

function refuseProblems(problems: Record<string, string>): void {
  if (Object.keys(problems).length > 0) throw new BadInputError(problems);
}
