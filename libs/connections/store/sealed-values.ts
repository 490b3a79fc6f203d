import { Injectable } from '@nestjs/common';
import { BadInputError, type DtoClass, Environment, getParser } from '#platform';
import type { Connection } from '../connection.js';
import { ConnectionSecrets } from '../connection-secrets.js';
import type { ConnectionEntity } from '../connection.entity.js';
import type { HostedModule } from '../hosted-modules.js';

/** Data that a provider's `connect` stored. */
export type Memory = Connection['memory'];

/** Opens and parses the sealed columns of a connection. */
@Injectable()
export class SealedValues {
  constructor(
    private readonly secrets: ConnectionSecrets,
    private readonly environment: Environment,
  ) {}

  /** Returns the data by the provider's code. */
  openMemory({ id, serviceMemorySealed }: Pick<ConnectionEntity, 'id' | 'serviceMemorySealed'>): Readonly<Record<string, Memory>> {
    if (serviceMemorySealed === null) return {};
    return JSON.parse(this.secrets.open({ id, serviceMemorySealed }, 'serviceMemory')) as Record<string, Memory>;
  }

  openSettings({ manifest }: HostedModule, id: string, sealed: string | null): object {
    if (sealed === null) return manifest.createDefaultSettings(this.environment.production);
    const text = this.secrets.open({ id, settingsSealed: sealed }, 'settings');
    return parseStored(manifest.settings, text, `the stored settings of connection ${id} no longer fit provider ${manifest.code}`);
  }

  /** Returns the rules of a provider. At most one provider of a module supports rules. */
  openRules({ manifest, rules }: HostedModule, id: string, sealed: string | null): object | undefined {
    if (sealed === null || rules === undefined) return undefined;
    const text = this.secrets.open({ id, rulesSealed: sealed }, 'rules');
    return parseStored(rules, text, `the stored rules of connection ${id} no longer fit provider ${manifest.code}`);
  }
}

/** Throws an Error that begins with `misfit` if the class rejects the text. */
function parseStored(type: DtoClass<object>, text: string, misfit: string): object {
  try {
    return getParser(type).parse(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error;
    throw new Error(`${misfit}: ${error.message}`, { cause: error });
  }
}
