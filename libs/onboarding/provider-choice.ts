import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { Connection } from '#connections';
import { CallbackError } from '#platform';

/** Which provider of the connection's module is meant. */
export class ProviderChoiceDto {
  /** Its code; the first when left out. */
  @IsOptional() @IsString() @MaxLength(100) provider?: string;
}

/**
 * Returns the connection through one of its providers. Throws CallbackError 404 that names them for an
 * unknown one.
 */
export function chooseProvider(connection: Connection, { provider }: ProviderChoiceDto): Connection {
  if (provider === undefined) return connection;
  const view = connection.views.find(({ module }) => module.manifest.code === provider);
  if (view) return view;
  const known = connection.views.map(({ module }) => module.manifest.code).join(', ');
  throw new CallbackError(404, `This module has no provider "${provider}": it has ${known}.`, { provider: `must be one of ${known}` });
}
