import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { DtoClass, Language } from '#platform';

/** Settings as rules make them of the stored ones. */
export interface SettingsVariant {
  /** Of what makes them, in the rules: `contracts[0]`. */
  path: string;
  /** Properties of the settings that stand there. */
  own: readonly string[];
  settings: object;
}

/** What an integration does with the rules of an account (`HostedModule.rules`). */
export interface RulesPart {
  /** As `HostedModule.integration`. */
  readonly integration: string;
  /** Class of the sample that `preview` takes: its form is on the account page. */
  readonly sample: DtoClass<object>;
  /** Lists that some providers have no use for. An empty one is accepted for any provider. */
  readonly optionalLists?: readonly string[];
  /** Whether they rule nothing. */
  isEmpty(rules: object): boolean;
  /**
   * Finds what is wrong with rules that are to replace the stored ones, by path, in the account's language:
   * what their class alone cannot say.
   */
  findProblems(connection: Connection, rules: object): Promise<Record<string, string>>;
  /** Lists the settings that rules make of the connection's, each of which is tried at the service. */
  listVariants(connection: Pick<Connection, 'settings'>, rules: object): SettingsVariant[];
  /**
   * Says in a language what rules, which may not be stored, do with a sample.
   * @throws BadInputError, ProviderError
   */
  preview(connection: Connection, rules: object | undefined, sample: object, language: Language): Promise<object>;
}

/** The parts of all integrations that have rules; IntegrationModule adds them at start. */
@Injectable()
export class RulesParts {
  private readonly parts = new Map<string, RulesPart>();

  add(part: RulesPart): void {
    this.parts.set(part.integration, part);
  }

  /** Returns the part of a connection's integration; undefined where its provider leaves nothing to rule. */
  of({ module }: Pick<Connection, 'module'>): RulesPart | undefined {
    return module.rules && this.parts.get(module.integration);
  }
}
