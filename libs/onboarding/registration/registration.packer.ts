import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import type { OutboxEntry, OutboxPacker } from '#outbox';
import type { CrmClient } from '#crm-client';
import { REGISTRATION, RegistrationService } from './registration.service.js';

/** Registers connections through the outbox. Several waiting rows become one call with the current state. */
@Injectable()
export class RegistrationPacker implements OutboxPacker<object> {
  readonly kind = REGISTRATION;
  readonly maxSubjects = 1;
  readonly lingerMs = 0;
  readonly sendsPresent = true;
  readonly servesDisconnected = true;

  constructor(private readonly registration: RegistrationService) {}

  async send(_crm: CrmClient, connection: Connection, _entries: OutboxEntry<object>[]): Promise<void> {
    await this.registration.register(connection.id, 'background');
  }
}
