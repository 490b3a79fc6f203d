import { Injectable, Logger } from '@nestjs/common';
import { type Connection, CrmClients } from '#connections';
import { errorText } from '#platform';
import { Extensions } from './extensions.js';
import { normalisePhone } from './phones.js';

/** How long the CRM may take to name a manager: the caller waits. */
const ANSWER_MS = 2_000;

/** Asks the CRM whose customer is calling. */
@Injectable()
export class CallerManagers {
  private readonly logger = new Logger(CallerManagers.name);

  constructor(
    private readonly crmClients: CrmClients,
    private readonly extensions: Extensions,
  ) {}

  /** Returns the extension of the caller's free manager by the CRM; undefined when none, or not in time. */
  async findExtension(connection: Connection, phone: string): Promise<string | undefined> {
    try {
      const normal = normalisePhone(phone, this.extensions.getCountry(connection));
      if (normal === undefined) return undefined;
      const crm = await this.crmClients.crmFor(connection.id, 'interactive');
      const { manager } = await crm.exact.telephony.manager({ phone: normal }, { signal: AbortSignal.timeout(ANSWER_MS) });
      if (!manager) return undefined;
      return manager.code || this.extensions.findCode(connection, manager.id ? Number(manager.id) : undefined);
    } catch (error) {
      this.logger.warn(`no manager for a call of connection ${connection.id}: ${errorText(error)}`);
      return undefined;
    }
  }
}
