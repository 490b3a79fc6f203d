import { Injectable, Logger } from '@nestjs/common';
import { type Connection, HealthStore, toProblemKey } from '#connections';
import { RegistrationService } from '#onboarding';
import { Database } from '#platform';
import { texts } from '../chat.texts.js';
import { BotStore } from './bot-store.js';

/** A bot's token that the gateway rejects: marks the connection, and requests a new one from the CRM. */
@Injectable()
export class BotTokens {
  private readonly logger = new Logger(BotTokens.name);

  constructor(
    private readonly database: Database,
    private readonly store: BotStore,
    private readonly registration: RegistrationService,
    private readonly health: HealthStore,
  ) {}

  /** Notes that the gateway rejected the token. A new one is requested at most once in some hours. */
  async noteRefusal(connection: Connection): Promise<void> {
    const { id, module } = connection;
    await this.health.begin(id, { kind: 'service-away', provider: module.manifest.code, part: 'bot' }, texts.bot.refused.en);
    await this.database.transaction(async (tx) => {
      if (!(await this.store.askForToken(tx, id))) return;
      this.logger.warn(`the message gateway rejects the bot's token of connection ${id}, a new one is requested`);
      await this.registration.schedule(tx, id);
    });
  }

  /** Notes that the token is accepted, or that the bot is off. */
  async noteAccepted({ id, module }: Connection): Promise<void> {
    await this.health.end(id, [toProblemKey({ kind: 'service-away', provider: module.manifest.code, part: 'bot' })]);
  }
}
