import { Injectable, Logger } from '@nestjs/common';
import { type Connection, ConnectionStore, isUuid, refuseUnlessActive } from '#connections';
import { InjectProviders, type Providers } from '#integration-kit';
import { CallbackError, Environment, errorText, SecretBox, sha256Hex, toLogLine } from '#platform';
import { ProviderError } from '#provider-kit';
import { PICTURES_PATH } from './chat.paths.js';
import type { ChatProvider, MediaFile, MediaRef } from './port/index.js';

const PURPOSE = 'chat picture';
/** Milliseconds that a message waits for the lookup of its customer's picture. */
const FIND_MS = 1_500;
/** Milliseconds for transferring a picture. */
const OPEN_MS = 20_000;
const VERSION_LENGTH = 8;

/** The customer that an address belongs to. */
interface Person {
  account: string;
  customer: string;
}

/**
 * Pictures of customers whose messenger provides no public address. The gateway gets a signed address of
 * Crossdock, which differs for each picture. Each view is streamed from the messenger.
 */
@Injectable()
export class ChatPictures {
  private readonly logger = new Logger(ChatPictures.name);

  constructor(
    @InjectProviders('chat') private readonly providers: Providers<ChatProvider>,
    private readonly connections: ConnectionStore,
    private readonly environment: Environment,
    private readonly box: SecretBox,
  ) {}

  /**
   * Builds the address of a picture. Returns undefined if there is none, or if it cannot be found at the
   * moment.
   */
  async buildUrl(connection: Connection, person: Person): Promise<string | undefined> {
    if (!this.providers.has(connection, 'findPicture')) return undefined;
    try {
      const picture = await this.find(connection, person);
      if (!picture) return undefined;
      const { account, customer } = person;
      const version = sha256Hex(picture.ref).slice(0, VERSION_LENGTH);
      const token = this.box.sign(JSON.stringify([connection.id, account, customer, version]), PURPOSE);
      return `${this.environment.publicUrl}/${connection.module.code}${PICTURES_PATH}/${token}`;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      this.logger.warn(toLogLine(`a picture of connection ${connection.id} cannot be found: ${errorText(error)}`, connection.request));
      return undefined;
    }
  }

  /**
   * Opens the picture at an address. Throws CallbackError 403 if it is forged or inactive, 404 if there is no
   * picture, ProviderError.
   */
  async open(moduleCode: string, token: string): Promise<MediaFile> {
    const payload = this.box.verify(token, PURPOSE);
    if (payload === undefined) throw new CallbackError(403, 'This picture address is invalid.');
    const [id = '', account = '', customer = ''] = JSON.parse(payload) as string[];
    const connection = isUuid(id) ? await this.connections.findById(id, 'chat') : undefined;
    if (connection?.module.code !== moduleCode || !this.providers.has(connection, 'findPicture')) throw gone();
    refuseUnlessActive(connection);
    const picture = await this.find(connection, { account, customer });
    if (!picture) throw gone();
    return this.providers.call(connection, 'openMedia', (provider, context) => provider.openMedia(account, picture.ref, context), {
      budgetMs: OPEN_MS,
    });
  }

  /** `trial`, because a failure here is not a failure of messages. */
  private find(connection: Connection, { account, customer }: Person): Promise<MediaRef | undefined> {
    return this.providers.call(connection, 'findPicture', (provider, context) => provider.findPicture(account, customer, context), {
      ...{ budgetMs: FIND_MS, trial: true },
    });
  }
}

function gone(): CallbackError {
  return new CallbackError(404, 'There is no such picture.');
}
