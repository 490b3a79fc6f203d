import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { Connection } from '#connections';
import { CallbackError } from '#platform';

/** Selects a provider of the connection's module. */
export class ProviderChoiceDto {
  /** The provider's code. Default: the first provider. */
  @IsOptional() @IsString() @MaxLength(100) provider?: string;
}

/**
 * Returns the connection through one of its providers. Throws CallbackError 404 with the valid codes if the
 * provider is unknown.
 */
export function chooseProvider(connection: Connection, { provider }: ProviderChoiceDto): Connection {
  if (provider === undefined) return connection;
  const view = connection.views.find(({ module }) => module.manifest.code === provider);
  if (view) return view;
  const known = connection.views.map(({ module }) => module.manifest.code).join(', ');
  throw new CallbackError(404, `This module has no provider "${provider}". Use one of ${known}.`, { provider: `must be one of ${known}` });
}
