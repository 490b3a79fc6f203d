import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Connection, RegistrationScheduler, RegistrationService } from '#connections';
import type { CrmClient } from '#crm-client';
import { type OutboxEntry, type OutboxPacker, OutboxPackers } from './outbox-packer.js';
import { OutboxService } from './outbox.service.js';

const KIND = 'registration';

/** Registers connections with their CRM through the outbox; several that wait are one call with what holds then. */
@Injectable()
export class RegistrationPacker implements OutboxPacker<object>, OnModuleInit {
  readonly kind = KIND;
  readonly maxSubjects = 1;
  readonly lingerMs = 0;

  constructor(
    private readonly registration: RegistrationService,
    private readonly packers: OutboxPackers,
  ) {}

  onModuleInit(): void {
    this.packers.add(this);
  }

  async send(_crm: CrmClient, connection: Connection, _entries: OutboxEntry<object>[]): Promise<void> {
    await this.registration.register(connection.id, 'background');
  }
}

/** Fills the port of the connections. */
@Injectable()
export class OutboxRegistrationScheduler extends RegistrationScheduler {
  constructor(private readonly outbox: OutboxService) {
    super();
  }

  override schedule(connectionId: string, manager: EntityManager): Promise<void> {
    return this.outbox.add(manager, [{ connectionId, kind: KIND, subject: KIND, payload: {} }]);
  }

  override resume(connectionId: string): Promise<void> {
    return this.outbox.resume(connectionId);
  }

  override wake(connectionId: string): void {
    this.outbox.wake({ connectionId, kind: KIND });
  }
}
