import { Injectable } from '@nestjs/common';
import { buildWebhookPath, type Connection } from '#connections';
import { Environment, SecretBox } from '#platform';

const PURPOSE = 'message gateway';

/**
 * Addresses for the gateway's webhooks, which are unsigned, so each address contains a secret of its
 * connection. The secret is the same each time, so a registration changes only with the first ENCRYPTION_KEY.
 */
@Injectable()
export class GatewayAddresses {
  constructor(
    private readonly environment: Environment,
    private readonly box: SecretBox,
  ) {}

  /** Builds the address of a connection. Contains a secret, so it must not be logged. */
  build(connection: Pick<Connection, 'id' | 'module'>): string {
    return `${this.environment.publicUrl}${buildWebhookPath(connection)}/mg/${this.box.sign(connection.id, PURPOSE)}`;
  }

  /** Whether a secret belongs to this connection, made with any ENCRYPTION_KEY. Compares in constant time. */
  verify(connectionId: string, secret: string): boolean {
    return this.box.verify(secret, PURPOSE) === connectionId;
  }
}
