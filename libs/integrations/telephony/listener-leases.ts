import { Injectable } from '@nestjs/common';
import { ConnectionLeases } from '#integration-kit';
import { Database } from '#platform';
import { ListenerEntity } from './telephony.entity.js';

/** Assigns one listening process to each PBX. */
@Injectable()
export class ListenerLeases extends ConnectionLeases {
  constructor(database: Database) {
    super(database, 'telephony_listener');
  }

  /** Returns when the PBX was last listened to, or undefined for never. */
  async findLastSeen(connectionId: string): Promise<Date | undefined> {
    const row = await this.database.dataSource.getRepository(ListenerEntity).findOneBy({ connectionId });
    return row?.seenAt ?? undefined;
  }
}
