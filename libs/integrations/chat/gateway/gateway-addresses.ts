import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { Environment, SecretBox } from '#platform';

const PURPOSE = 'message gateway';

/**
 * Addresses for the gateway's webhooks, which are unsigned: each holds a secret of its connection. It is the
 * same each time, so a registration changes only with the first ENCRYPTION_KEY.
 */
@Injectable()
export class GatewayAddresses {
  constructor(
    private readonly environment: Environment,
    private readonly box: SecretBox,
  ) {}

  /** Builds the address of a connection. Holds a secret: not for logs. */
  build({ id, module }: Pick<Connection, 'id' | 'module'>): string {
    return `${this.environment.publicUrl}/${module.code}/webhooks/${id}/mg/${this.box.sign(id, PURPOSE)}`;
  }

  /** Whether a secret is this connection's, made with any ENCRYPTION_KEY; compares in constant time. */
  verify(connectionId: string, secret: string): boolean {
    return this.box.verify(secret, PURPOSE) === connectionId;
  }
}
