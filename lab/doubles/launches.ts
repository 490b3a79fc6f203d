import { InvalidArgumentError, Option } from 'commander';
import { ApiShipDouble } from './apiship/index.js';
import { AsteriskDouble } from './asterisk/index.js';
import { CdekDouble } from './cdek/index.js';
import { FakeCarrier } from './fake-carrier/index.js';
import { FakeGateway } from './fake-gateway/index.js';
import { FakeMessenger } from './fake-messenger/index.js';
import { FakePbx } from './fake-pbx/index.js';
import { FakeRecommender } from './fake-recommender/fake-recommender.js';
import { FakeSwitchboard } from './fake-switchboard/fake-switchboard.js';
import { FakeWarehouse } from './fake-warehouse/index.js';
import { MaxDouble } from './max/index.js';
import { MERCADOPAGO_SITES, MercadoPagoDouble } from './mercadopago/index.js';
import { MessageGateway } from './message-gateway/index.js';
import { MoySkladDouble } from './moysklad/index.js';
import type { RunningDouble } from './provider-doubles.js';
import { StripeDouble } from './stripe/index.js';
import { TelegramDouble } from './telegram/index.js';
import { WhatsAppDouble } from './whatsapp/index.js';
import { YOOKASSA_RECEIPTS, YooKassaDouble } from './yookassa/index.js';
import { ZadarmaDouble } from './zadarma/index.js';

/** A double that `npm run double` starts. */
export interface Launch {
  description: string;
  /** Besides `--port`. */
  options?: readonly Option[];
  /** The setting that points Crossdock at it. Such a double belongs to a built-in module of its name. */
  variable?: string;
  /** The path of its API. */
  path?: string;
  /** It has an option `--webhook-url`, and where its webhooks go when that is left out. */
  webhooks?: 'nowhere' | 'to the running deployment';
  // Each double has other options. Commander reads them by their names.
  // oxlint-disable-next-line typescript/no-explicit-any
  start(options: any): Promise<RunningDouble>;
}

const option = (flags: string, description: string, usual?: string): Option => {
  const made = new Option(flags, description);
  return usual === undefined ? made : made.default(usual);
};
const choice = (flags: string, description: string, choices: readonly string[], usual: string): Option =>
  new Option(flags, description).choices(choices).default(usual);
const every = new Option('--every <seconds>', 'seconds between calls; 0: none').argParser(Number).default(20);

export const port = new Option('--port <number>', 'port to listen on; a free one when left out').argParser((text) => {
  const read = Number(text);
  if (!Number.isInteger(read) || read < 0 || read > 65_535) throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return read;
});

export const LAUNCHES: Readonly<Record<string, Launch>> = {
  'fake-carrier': {
    description: 'A carrier that can be slow, asynchronous, lose replies after it has acted, and post webhooks.',
    options: [
      option('--api-key <key>', 'the key its clients must send', 'fake-api-key'),
      option('--webhook-secret <secret>', 'the secret its webhooks are signed with', 'fake-webhook-secret'),
    ],
    start: (options) => FakeCarrier.start(options),
  },
  'fake-gateway': {
    description: 'A payment gateway with a page to pay on, holds, parts and disputes.',
    webhooks: 'nowhere',
    start: (options) => FakeGateway.start(options),
  },
  'fake-warehouse': {
    description: 'A warehouse that pushes changed stock, forgets cursors and is strict about signatures and pages.',
    options: [option('--secret <secret>', 'signs its calls and webhooks', 'fake-warehouse-signing-secret')],
    webhooks: 'nowhere',
    start: (options) => FakeWarehouse.start(options),
  },
  'fake-messenger': {
    description: 'A messenger of bots, whose customers write, edit, delete, read, react and block.',
    options: [
      option('--api-key <key>', 'the key its clients must send', 'fake-api-key'),
      option('--webhook-secret <secret>', 'the secret that its webhooks carry', 'fake-webhook-secret'),
    ],
    webhooks: 'nowhere',
    start: (options) => FakeMessenger.start(options),
  },
  'fake-pbx': {
    description: 'A cloud PBX with signed notices of calls.',
    webhooks: 'nowhere',
    start: (options) => FakePbx.start(options),
  },
  'fake-switchboard': {
    description: 'A cloud PBX that takes our ids of calls, and reports each state of a call.',
    webhooks: 'nowhere',
    start: (options) => FakeSwitchboard.start(options),
  },
  'fake-recommender': {
    description: 'A source of recommendations for the products that it is given.',
    start: (options) => FakeRecommender.start(options),
  },
  cdek: {
    description: 'CDEK’s API v2: asynchronous, and as awkward as allowed.',
    options: [
      option('--client-id <id>', 'the account of its clients; that of CDEK’s public test contour when left out'),
      option('--client-secret <secret>', 'the password of that account'),
    ],
    ...{ variable: 'CDEK_URL', path: '/v2', start: (options) => CdekDouble.start(options) },
  },
  apiship: {
    description: 'ApiShip’s API with five carriers: asynchronous, with billed calculations and webhooks that are lost after three tries.',
    options: [
      option('--login <login>', 'the account of its clients; that of the public test contour when left out', 'test'),
      option('--password <password>', 'the password of that account', 'test'),
      option('--token <token>', 'the token of that account', 'apiship-double-token'),
    ],
    ...{ variable: 'APISHIP_URL', path: '/v1', start: (options) => ApiShipDouble.start(options) },
  },
  stripe: {
    description: 'Stripe’s API for payments by Checkout, with a hosted page, holds that expire and signed webhooks.',
    options: [
      option('--key <key>', 'the secret key its clients must send', 'sk_test_double'),
      option('--webhook-secret <secret>', 'the secret its webhooks are signed with', 'whsec_double_secret'),
    ],
    ...{ variable: 'STRIPE_URL', path: '/v1', webhooks: 'to the running deployment' },
    start: (options) => StripeDouble.start(options),
  },
  mercadopago: {
    description: 'MercadoPago’s orders of Checkout Pro, with the page for the buyer and signed webhooks.',
    options: [
      option('--token <token>', 'the access token its clients must send', 'APP_USR-double'),
      choice('--site <code>', 'the seller’s country', MERCADOPAGO_SITES, 'MLM'),
      option('--test-account', 'the seller is a test user'),
      option('--webhook-secret <secret>', 'the secret its webhooks are signed with', 'mercadopago-double-secret'),
    ],
    ...{ variable: 'MERCADOPAGO_URL', webhooks: 'to the running deployment' },
    start: ({ testAccount, ...options }) => MercadoPagoDouble.start({ ...options, isTest: testAccount ?? false }),
  },
  yookassa: {
    description: 'YooKassa’s API v3 for payments by redirect, with a page to pay on, holds, receipts and unsigned notifications.',
    options: [
      option('--shop-id <id>', 'the shop of its clients', '100500'),
      option('--secret-key <key>', 'the key of that shop; one with live_ has more ways to pay', 'test_double_key'),
      choice('--receipts <who>', 'who makes the shop’s receipts', YOOKASSA_RECEIPTS, 'none'),
    ],
    ...{ variable: 'YOOKASSA_URL', path: '/v3', webhooks: 'to the running deployment' },
    start: (options) => YooKassaDouble.start(options),
  },
  moysklad: {
    description: 'MoySklad’s JSON API 1.2 for stocks and reservations, with its limits, late figures and unsigned webhooks.',
    options: [option('--token <token>', 'the token of its administrator', 'moysklad-double-token')],
    ...{ variable: 'MOYSKLAD_URL', path: '/api/remap/1.2', start: (options) => MoySkladDouble.start(options) },
  },
  max: {
    description: 'MAX’s Bot API, whose people write, edit, delete, press buttons, stop the bot and send files.',
    options: [
      option('--token <token>', 'the token of its first bot; a fixed one when left out'),
      option('--https-only', 'accepts only the webhook addresses that MAX accepts'),
    ],
    variable: 'MAX_URL',
    start: ({ httpsOnly, ...options }) => MaxDouble.start({ ...options, webhookUrls: httpsOnly ? 'https' : 'any' }),
  },
  telegram: {
    description: 'Telegram’s Bot API, whose people write, edit, press buttons, block and send every kind of message.',
    options: [
      option('--token <token>', 'the token of its first bot: digits, a colon, 35 characters; a fixed one when left out'),
      option('--https-only', 'accepts only the webhook addresses that Telegram accepts'),
    ],
    variable: 'TELEGRAM_URL',
    start: ({ httpsOnly, ...options }) => TelegramDouble.start({ ...options, webhookUrls: httpsOnly ? 'https' : 'any' }),
  },
  whatsapp: {
    description: 'WhatsApp’s Cloud API, whose people write, react, read and block, with signed webhooks and late failures.',
    options: [option('--token <token>', 'the token of its system user; a fixed one when left out')],
    ...{ variable: 'WHATSAPP_URL', start: (options) => WhatsAppDouble.start(options) },
  },
  zadarma: {
    description: 'Zadarma’s cloud PBX, with signed notices of calls. Its customers call by themselves and answer.',
    options: [
      option('--key <key>', 'the user key of its clients', 'zadarma-double-key'),
      option('--secret <secret>', 'signs calls of the API and notices', 'zadarma-double-secret'),
      option('--zone <zone>', 'the time zone of the account', 'Europe/Moscow'),
      every,
    ],
    ...{ variable: 'ZADARMA_URL', path: '/v1', webhooks: 'nowhere' },
    start: async ({ every: seconds, webhookUrl, ...options }) => {
      const double = await ZadarmaDouble.start(options);
      double.account.url = webhookUrl;
      if (webhookUrl !== undefined) double.account.listen();
      const stop = double.playDemo(seconds * 1_000);
      return toRunning(double, double.settingsText, stop);
    },
  },
  asterisk: {
    description: 'The manager interface of an Asterisk whose customers call by themselves and answer.',
    options: [
      option('--username <name>', 'of the manager', 'crossdock'),
      option('--secret <secret>', 'of the manager', 'ami-secret'),
      option('--extension <code>', 'the phone that rings', '101'),
      every,
      option('--recordings <folder>', 'records the calls, into this folder'),
    ],
    start: async ({ every: seconds, extension, recordings, ...options }) => {
      const pbx = await AsteriskDouble.start(options);
      const { host, port: at } = pbx.settings;
      const timer = seconds > 0 ? setInterval(() => void pbx.demoCall(extension, recordings), seconds * 1_000) : undefined;
      void pbx.demoCustomers(recordings);
      const settings = `host ${host}, port ${at}, user name ${pbx.username}, secret ${pbx.secret}`;
      return toRunning({ url: `${host}:${at}`, close: () => pbx.close() }, settings, () => clearInterval(timer));
    },
  },
  'message-gateway': {
    description: 'The CRM’s message gateway. The sandbox CRM sends modules to it with CHAT_GATEWAY_URL.',
    options: [
      option('--token <token>', 'the token of its first transport; a fixed one when left out'),
      option('--client-id <id>', 'the client that its webhooks name in their header; none when left out'),
    ],
    webhooks: 'nowhere',
    start: (options) => MessageGateway.start(options),
  },
};

/** A running double that also stops the work of its launch. */
function toRunning(double: RunningDouble, settingsText: string, stop: () => void): RunningDouble {
  return {
    ...{ url: double.url, settingsText },
    close: () => {
      stop();
      return double.close();
    },
  };
}
