import { Injectable } from '@nestjs/common';
import { defineJob, Environment, HandleJob, Retention, RETENTION_EVERY_MS } from '#platform';

const cleanChats = defineJob<Record<string, never>>('housekeeping', 'chat.clean');

/** Finished messages, and messages that wait in vain: their texts must not stay forever. */
const PARTS = [`state NOT IN ('waiting', 'taken')`, `state IN ('waiting', 'taken')`];
const WITHOUT_MESSAGES = 'NOT EXISTS (SELECT FROM chat_message m WHERE m.dialogue_id = chat_dialogue.id)';

/** Deletes messages after CHAT_RETENTION_DAYS, and dialogues that have become empty. */
@Injectable()
export class ChatRetention {
  constructor(
    private readonly retention: Retention,
    private readonly environment: Environment,
  ) {}

  @HandleJob(cleanChats, { everyMs: RETENTION_EVERY_MS })
  async clean(_data: object, stopping: AbortSignal): Promise<void> {
    const days = this.environment.CHAT_RETENTION_DAYS;
    for (const part of PARTS) await this.retention.deleteOld('chat_message', part, 'updated_at', days, stopping);
    await this.retention.deleteOld('chat_bot_answer', `state <> 'waiting'`, 'updated_at', days, stopping);
    await this.retention.deleteOld('chat_dialogue', WITHOUT_MESSAGES, 'used_at', days, stopping);
  }
}
