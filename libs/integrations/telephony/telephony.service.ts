import { Injectable } from '@nestjs/common';
import type { Connection } from '#connections';
import { type CallPlacer, InjectProviders, type Providers } from '#integration-kit';
import { BadInputError, CallbackError, defineProblem, normalisePhone } from '#platform';
import { CallOperations } from './call-operations.js';
import type { MakeCallDto, UserStatusDto } from './dto/callback.dto.js';
import { Extensions } from './extensions.js';
import type { TelephonyProvider } from './port/index.js';
import { texts } from './telephony.texts.js';
import { UserStatusesService } from './user-statuses.service.js';

const NO_EXTENSION = defineProblem(texts.problems.userId);

/**
 * The telephony callbacks. All methods throw BadInputError, CallbackError or ProviderError for problems that
 * the caller can fix.
 */
@Injectable()
export class TelephonyService implements CallPlacer {
  readonly integration = 'telephony';

  constructor(
    @InjectProviders('telephony') private readonly providers: Providers<TelephonyProvider>,
    private readonly extensions: Extensions,
    private readonly operations: CallOperations,
    private readonly statuses: UserStatusesService,
  ) {}

  /** Calls the manager's phone and then the customer's. Two requests within five seconds are one call. */
  async makeCall(connection: Connection, dto: MakeCallDto): Promise<void> {
    this.providers.assertHas(connection, 'call');
    const manifest = this.providers.getManifest(connection);
    if (!manifest.isConfigured(connection.settings)) throw new CallbackError(400, texts.notSetUp);
    const code = dto.code || this.extensions.findCode(connection, dto.userId);
    if (!code) throw new BadInputError(dto.userId === undefined ? { code: 'is required (or userId)' } : { code: NO_EXTENSION });
    const country = manifest.readCountry(connection.settings);
    const phone = normalisePhone(dto.phone, country);
    if (phone === undefined) throw new BadInputError({ phone: 'must be a phone number' });
    const externalPhone = normalisePhone(dto.externalPhone, country);
    if (dto.externalPhone && externalPhone === undefined) throw new BadInputError({ externalPhone: 'must be a phone number' });
    await this.operations.place(connection, {
      code,
      phone,
      ...(externalPhone && { externalPhone }),
      ...(dto.userId !== undefined && { userId: dto.userId }),
    });
  }

  canPlace(connection: Connection, userId: number): boolean {
    if (!this.providers.has(connection, 'call') || !this.providers.getManifest(connection).isConfigured(connection.settings)) return false;
    return this.extensions.findCode(connection, userId) !== undefined;
  }

  place(connection: Connection, userId: number, phone: string): Promise<void> {
    return this.makeCall(connection, { userId, phone } as MakeCallDto);
  }

  /** Stores a manager's status, which is sent to the PBX when it can be reached. */
  async changeUserStatus(connection: Connection, dto: UserStatusDto): Promise<void> {
    await this.statuses.change(connection, dto.userId, dto.code || undefined, dto.status);
  }
}
