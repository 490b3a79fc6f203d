import Fastify, { type FastifyInstance } from 'fastify';
import { registerControlRoutes } from './control-routes.js';
import { TelegramControl, type TelegramModes } from './telegram-control.js';
import { registerTelegramRoutes } from './telegram-routes.js';

/** How a Telegram double is started. */
export interface TelegramDoubleOptions {
  /** A free one when left out. */
  port?: number;
  /** Token of its first bot; a fixed one when left out. */
  token?: string;
  /** Addresses that setWebhook takes; `https` when left out. `reset` comes back to it. */
  webhookUrls?: TelegramModes['webhookUrls'];
}

/**
 * Telegram's Bot API as far as a messenger's module needs it (README.md). Tests play people, BotFather and
 * time by its methods or under `/control`.
 */
export class TelegramDouble extends TelegramControl {
  private readonly app: FastifyInstance = Fastify({
    forceCloseConnections: true,
    bodyLimit: 64 * 1_024 * 1_024,
    routerOptions: { maxParamLength: 500 },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  });
  private address = '';

  private constructor({ token = '5551234567:AAFakeTokenOfTheTelegramDouble00000', webhookUrls = 'https' }: TelegramDoubleOptions) {
    super(token, { webhookUrls });
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static async start(options: TelegramDoubleOptions = {}): Promise<TelegramDouble> {
    const double = new TelegramDouble(options);
    registerControlRoutes(double.app, double);
    // Apart, since its bodies are read in another way than the control's.
    await double.app.register((api, _options, done) => {
      registerTelegramRoutes(api, double);
      done();
    });
    double.address = await double.app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
    return double;
  }

  /** Its address, without a slash at the end: the root of the API. */
  get url(): string {
    return this.address;
  }

  /** What is entered on the account page to use it, as a line for people. */
  get settingsText(): string {
    return this.bots.map(({ token, user }) => `token ${token} of @${user.username}`).join(', ');
  }

  async close(): Promise<void> {
    this.forgetWhatIsDue();
    await this.webhooks.stop();
    await this.app.close();
  }
}
