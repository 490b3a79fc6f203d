import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { errorText } from '#platform';
import { ApiShipDouble, type ApiShipDoubleOptions } from './apiship/index.js';
import { AsteriskDouble } from './asterisk/index.js';
import { CdekDouble } from './cdek/index.js';
import { FakeCarrier } from './fake-carrier/index.js';
import { FakeGateway } from './fake-gateway/index.js';
import { FakeMessenger } from './fake-messenger/index.js';
import { FakePbx } from './fake-pbx/index.js';
import { FakeWarehouse } from './fake-warehouse/index.js';
import { MERCADOPAGO_SITES, MercadoPagoDouble, type MercadoPagoDoubleOptions } from './mercadopago/index.js';
import { MessageGateway } from './message-gateway/index.js';
import { MoySkladDouble } from './moysklad/index.js';
import { findProviderDoubles, type ProviderDouble } from './provider-doubles.js';
import { StripeDouble } from './stripe/index.js';
import { TelegramDouble } from './telegram/index.js';
import { YOOKASSA_RECEIPTS, YooKassaDouble, type YooKassaDoubleOptions } from './yookassa/index.js';
import { ZadarmaDouble } from './zadarma/index.js';

const dataDir = resolve(process.env.DATA_DIR || './.data');

/** Starts doubles of outside services by hand: `npm run double -- fake-carrier --port 4100`. */
const program = new Command('double').description('Starts a double of an outside service, until Ctrl-C.').showHelpAfterError();

program
  .command('fake-carrier')
  .description(
    'A carrier over HTTP that can be slow, asynchronous, lose replies after it has acted, and post webhooks. Its control is under /control.',
  )
  .option('--port <number>', 'port to listen on; a free one when left out', parsePort)
  .option('--api-key <key>', 'the key its clients must send', 'fake-api-key')
  .option('--webhook-secret <secret>', 'the secret its webhooks are signed with', 'fake-webhook-secret')
  .action(async (options: { port?: number; apiKey: string; webhookSecret: string }) => {
    const carrier = await FakeCarrier.start(options);
    console.log(`Fake carrier: ${carrier.url}\nControl:      ${carrier.url}/control`);
    showSettings(carrier.settingsText);
    untilStopped(() => carrier.close());
  });

program
  .command('fake-warehouse')
  .description(
    'A warehouse over HTTP that pushes changed stock, forgets cursors and is strict about signatures and pages. Its control is under /control.',
  )
  .option('--port <number>', 'port to listen on; a free one when left out', parsePort)
  .option('--secret <secret>', 'what its calls and webhooks are signed with', 'fake-warehouse-secret')
  .option('--webhook-url <url>', 'where its webhooks go; nowhere when left out')
  .action(async (options: { port?: number; secret: string; webhookUrl?: string }) => {
    const warehouse = await FakeWarehouse.start(options);
    console.log(`Fake warehouse: ${warehouse.url}\nControl:        ${warehouse.url}/control`);
    showSettings(warehouse.settingsText);
    untilStopped(() => warehouse.close());
  });

program
  .command('fake-messenger')
  .description('A messenger of bots over HTTP, whose customers write, edit, delete, read, react and block. Its control is under /control.')
  .option('--port <number>', 'port to listen on; a free one when left out', parsePort)
  .option('--api-key <key>', 'the key its clients must send', 'fake-api-key')
  .option('--webhook-secret <secret>', 'what its webhooks carry', 'fake-webhook-secret')
  .option('--webhook-url <url>', 'where its webhooks go; nowhere when left out')
  .action(async (options: { port?: number; apiKey: string; webhookSecret: string; webhookUrl?: string }) => {
    const messenger = await FakeMessenger.start(options);
    console.log(`Fake messenger: ${messenger.url}\nControl:        ${messenger.url}/control`);
    showSettings(messenger.settingsText);
    if (!options.webhookUrl)
      console.log(`No webhooks: npm run sandbox -- demo --messenger ${messenger.url} sets their address, or POST /control/webhook-url`);
    untilStopped(() => messenger.close());
  });

program
  .command('cdek')
  .description(
    'CDEK’s API v2: asynchronous, and as wilful as it can be. Point the module at it with CDEK_URL. Its control is under /control.',
  )
  .option('--port <number>', 'port to listen on; a free one when left out', parsePort)
  .option('--client-id <id>', 'the account its clients must name; that of CDEK’s public test contour when left out')
  .option('--client-secret <secret>', 'the password of that account')
  .action(async (options: { port?: number; clientId?: string; clientSecret?: string }) => {
    const cdek = await CdekDouble.start(options);
    console.log(`CDEK:    ${cdek.url}/v2   (CDEK_URL=${cdek.url})\nControl: ${cdek.url}/control`);
    // Either choice of “Where orders go” leads to the double.
    showSettings(`Account (client_id) ${cdek.clientId}, Secure password (client_secret) ${cdek.clientSecret}`, 'cdek');
    tellOfRunning(`CDEK_URL=${cdek.url}`);
    untilStopped(() => cdek.close());
  });

program
  .command('apiship')
  .description(
    'ApiShip’s API with five carriers behind it: asynchronous, with billed calculations and webhooks that are lost after three tries. Its control is under /control.',
  )
  .option('--port <number>', 'port to listen on; a free one when left out', parsePort)
  .option('--login <login>', 'the account its clients must name; that of ApiShip’s public test contour when left out', 'test')
  .option('--password <password>', 'the password of that account', 'test')
  .option('--token <token>', 'the token of that account', 'apiship-double-token')
  .action(async (options: ApiShipDoubleOptions) => {
    const apiship = await ApiShipDouble.start(options);
    const { login, password, token } = apiship.account.credentials;
    console.log(`ApiShip: ${apiship.url}/v1   (APISHIP_URL=${apiship.url})\nControl: ${apiship.url}/control`);
    showSettings(
      `“Where orders go” ApiShip with Token ${token}, or the test contour with Login ${login} and Password ${password}`,
      'apiship',
    );
    tellOfRunning(`APISHIP_URL=${apiship.url}`);
    untilStopped(() => apiship.close());
  });

program
  .command('stripe')
  .description(
    'Stripe’s API for payments by Checkout, with a hosted page, holds that expire and signed webhooks. Its control is under /control.',
  )
  .option('--port <number>', 'port to listen on; a free one when left out', parsePort)
  .option('--key <key>', 'the secret key its clients must send', 'sk_test_double')
  .option('--webhook-secret <secret>', 'the secret its webhooks are signed with', 'whsec_double_secret')
  .option(
    '--webhook-url <url>',
    'where its events are posted; to the connection of a deployment that `npm run up` keeps running when left out',
  )
  .action(async ({ webhookUrl, ...options }: { port?: number; key: string; webhookSecret: string; webhookUrl?: string }) => {
    const stripe = await StripeDouble.start(options);
    stripe.account.webhookUrl = webhookUrl ?? (await webhookOfRunning('stripe'));
    console.log(`Stripe:  ${stripe.url}/v1   (STRIPE_URL=${stripe.url})\nControl: ${stripe.url}/control`);
    showSettings(`secret key ${options.key}, webhook secret ${options.webhookSecret}`, 'stripe');
    tellOfRunning(`STRIPE_URL=${stripe.url}`);
    if (stripe.account.webhookUrl) console.log(`Webhooks: ${stripe.account.webhookUrl}`);
    else console.log('No webhooks: POST /control/webhook-url {"url": the address on the account page}, or start with --webhook-url');
    untilStopped(() => stripe.close());
  });

program
  .command('mercadopago')
  .description(
    'MercadoPago’s orders of Checkout Pro, with the page for the buyer, signed webhooks and a mode for each thing its pages leave open. Its control is under /control.',
  )
  .option('--port <number>', 'port to listen on; a free one when left out', parsePort)
  .option('--token <token>', 'the access token its clients must send', 'APP_USR-double')
  .addOption(new Option('--site <code>', 'the seller’s country').choices(MERCADOPAGO_SITES).default('MLM'))
  .option('--test-account', 'the seller is a test user')
  .option('--webhook-secret <secret>', 'the secret its webhooks are signed with', 'mercadopago-double-secret')
  .option('--webhook-url <url>', 'where its webhooks go; to the connection of a deployment that `npm run up` keeps running when left out')
  .action(async ({ testAccount, webhookUrl, ...options }: MercadoPagoDoubleOptions & { testAccount?: boolean }) => {
    const double = await MercadoPagoDouble.start({ ...options, isTest: testAccount ?? false });
    const { account } = double;
    account.webhookUrl = webhookUrl ?? (await webhookOfRunning('mercadopago'));
    console.log(`MercadoPago: ${double.url}   (MERCADOPAGO_URL=${double.url})\nControl:     ${double.url}/control`);
    showSettings(`access token ${account.token}, webhook secret ${account.webhookSecret}`, 'mercadopago');
    tellOfRunning(`MERCADOPAGO_URL=${double.url}`);
    if (account.webhookUrl) console.log(`Webhooks: ${account.webhookUrl}`);
    else console.log('No webhooks: POST /control/webhook-url {"url": the address on the account page}, or start with --webhook-url');
    untilStopped(() => double.close());
  });

program
  .command('yookassa')
  .description(
    'YooKassa’s API v3 for payments by redirect, with a page to pay on, holds, receipts and unsigned notifications. Its control is under /control.',
  )
  .option('--port <number>', 'port to listen on; a free one when left out', parsePort)
  .option('--shop-id <id>', 'the shop its clients must name', '100500')
  .option('--secret-key <key>', 'the key of that shop; one with live_ has more ways to pay', 'test_double_key')
  .addOption(new Option('--receipts <who>', 'who makes the shop’s receipts').choices(YOOKASSA_RECEIPTS).default('none'))
  .option(
    '--webhook-url <url>',
    'where its notifications are posted; to the connection of a deployment that `npm run up` keeps running when left out',
  )
  .action(async ({ webhookUrl, ...options }: YooKassaDoubleOptions & { webhookUrl?: string }) => {
    const yookassa = await YooKassaDouble.start(options);
    yookassa.shop.webhookUrl = webhookUrl ?? (await webhookOfRunning('yookassa'));
    const { shopId, secretKey } = yookassa.shop.settings;
    console.log(`YooKassa: ${yookassa.url}/v3   (YOOKASSA_URL=${yookassa.url})\nControl:  ${yookassa.url}/control`);
    showSettings(`shopId ${shopId}, secret key ${secretKey}`, 'yookassa');
    tellOfRunning(`YOOKASSA_URL=${yookassa.url}`);
    if (yookassa.shop.webhookUrl) console.log(`Notifications: ${yookassa.shop.webhookUrl}`);
    else console.log('No notifications: POST /control/webhook-url {"url": the address on the account page}, or start with --webhook-url');
    untilStopped(() => yookassa.close());
  });

program
  .command('moysklad')
  .description(
    'MoySklad’s JSON API 1.2 for stocks and reservations: with its limits, late figures, orders that reserve more than there is and unsigned webhooks. Its control is under /control.',
  )
  .option('--port <number>', 'port to listen on; a free one when left out', parsePort)
  .option('--token <token>', 'the token of its administrator', 'moysklad-double-token')
  .action(async (options: { port?: number; token: string }) => {
    const moysklad = await MoySkladDouble.start(options);
    console.log(`MoySklad: ${moysklad.url}/api/remap/1.2   (MOYSKLAD_URL=${moysklad.url})\nControl:  ${moysklad.url}/control`);
    showSettings(moysklad.settingsText, 'moysklad');
    tellOfRunning(`MOYSKLAD_URL=${moysklad.url}`);
    untilStopped(() => moysklad.close());
  });

program
  .command('asterisk')
  .description(
    'The manager interface of an Asterisk whose customers call by themselves and answer when they are called: each call rings, is taken for a moment and ends.',
  )
  .option('--port <number>', 'port to listen on; a free one when left out', parsePort)
  .option('--username <name>', 'of the manager', 'crossdock')
  .option('--secret <secret>', 'of the manager', 'ami-secret')
  .option('--extension <code>', 'the phone that rings', '101')
  .option('--every <seconds>', 'seconds between calls; 0: none', Number, 20)
  .option('--recordings <folder>', 'records the calls, into this folder')
  .action(async (options: { port?: number; username: string; secret: string; extension: string; every: number; recordings?: string }) => {
    const pbx = await AsteriskDouble.start(options);
    console.log(`Asterisk: ${pbx.settings.host}:${pbx.settings.port}`);
    showSettings(`host ${pbx.settings.host}, port ${pbx.settings.port}, user name ${pbx.username}, secret ${pbx.secret}`, 'asterisk');
    const { extension, every, recordings } = options;
    const timer = every > 0 ? setInterval(() => void pbx.demoCall(extension, recordings), every * 1000) : undefined;
    void pbx.demoCustomers(recordings);
    untilStopped(() => {
      clearInterval(timer);
      return pbx.close();
    });
  });

program
  .command('zadarma')
  .description(
    'Zadarma’s cloud PBX: the API that a module of telephony needs, and signed notices of calls. Its customers call by themselves and answer when they are called. Its control is under /control.',
  )
  .option('--port <number>', 'port to listen on; a free one when left out', parsePort)
  .option('--key <key>', 'the user key its clients must name', 'zadarma-double-key')
  .option('--secret <secret>', 'signs calls of the API and notices', 'zadarma-double-secret')
  .option('--zone <zone>', 'the time zone of the account', 'Europe/Moscow')
  .option('--every <seconds>', 'seconds between calls; 0: none', Number, 20)
  .option('--webhook-url <url>', 'where its notices go until the module sets an address itself')
  .action(
    async ({
      every,
      webhookUrl,
      ...options
    }: {
      port?: number;
      key: string;
      secret: string;
      zone: string;
      every: number;
      webhookUrl?: string;
    }) => {
      const zadarma = await ZadarmaDouble.start(options);
      zadarma.account.url = webhookUrl;
      if (webhookUrl !== undefined) zadarma.account.listen();
      console.log(`Zadarma: ${zadarma.url}/v1   (ZADARMA_URL=${zadarma.url})\nControl: ${zadarma.url}/control`);
      showSettings(zadarma.settingsText, 'zadarma');
      tellOfRunning(`ZADARMA_URL=${zadarma.url}`);
      const stop = zadarma.playDemo(every * 1000);
      untilStopped(() => {
        stop();
        return zadarma.close();
      });
    },
  );

program
  .command('telegram')
  .description(
    'Telegram’s Bot API, whose people write, edit, press buttons, block and send every kind of message. Its control is under /control.',
  )
  .option('--port <number>', 'port to listen on; a free one when left out', parsePort)
  .option('--token <token>', 'the token of its first bot: digits, a colon, 35 characters; a fixed one when left out')
  .option('--https-only', 'takes only the webhook addresses that Telegram takes')
  .action(async ({ httpsOnly, ...options }: { port?: number; token?: string; httpsOnly?: boolean }) => {
    const telegram = await TelegramDouble.start({ ...options, webhookUrls: httpsOnly ? 'https' : 'any' });
    console.log(`Telegram: ${telegram.url}   (TELEGRAM_URL=${telegram.url})\nControl:  ${telegram.url}/control`);
    showSettings(telegram.settingsText, 'telegram');
    tellOfRunning(`TELEGRAM_URL=${telegram.url}`);
    untilStopped(() => telegram.close());
  });

program
  .command('message-gateway')
  .description(
    'The CRM’s message gateway, for channels of messengers. The sandbox CRM sends modules to it with CHAT_GATEWAY_URL. Its control is under /control.',
  )
  .option('--port <number>', 'port to listen on; a free one when left out', parsePort)
  .option('--token <token>', 'the token of its first transport; a fixed one when left out')
  .option('--webhook-url <url>', 'where the first transport’s webhooks go; nowhere when left out')
  .option('--client-id <id>', 'the client that these webhooks name in their header; none when left out')
  .action(async (options: { port?: number; token?: string; webhookUrl?: string; clientId?: string }) => {
    const gateway = await MessageGateway.start(options);
    console.log(`Gateway: ${gateway.url}   (CHAT_GATEWAY_URL=${gateway.url})\nControl: ${gateway.url}/control`);
    console.log(`Token of the first transport: ${gateway.transport.tokens.at(-1)}`);
    if (!gateway.transport.webhookUrl)
      console.log('No webhooks: POST /control/transports {"code":"first","webhookUrl":...}, or --webhook-url');
    untilStopped(() => gateway.close());
  });

const others: ProviderDouble[] = [
  { code: 'fake-gateway', start: (options) => FakeGateway.start(options) },
  { code: 'fake-pbx', start: (options) => FakePbx.start(options) },
  ...findProviderDoubles(resolve(import.meta.dirname, '../../providers')),
];
for (const { code, start } of others)
  program
    .command(code)
    .description(code.startsWith('fake-') ? `See libs/testing/doubles/${code}.` : `The double in libs/providers/${code}.`)
    .option('--port <number>', 'port to listen on; a free one when left out', parsePort)
    .option('--webhook-url <url>', 'where its webhooks go; nowhere when left out')
    .action(async (options: { port?: number; webhookUrl?: string }) => {
      const double = await start(options);
      console.log(`${code}: ${double.url}`);
      if (double.settingsText !== undefined) showSettings(double.settingsText);
      untilStopped(() => double.close());
    });

program.parseAsync().catch((error: unknown) => {
  console.error(errorText(error));
  process.exitCode = 1;
});

/** The deployment that `npm run up` keeps running on DATA_DIR. */
function running(): { api: string; publicUrl: string } | undefined {
  try {
    const run = JSON.parse(readFileSync(join(dataDir, 'run.json'), 'utf8')) as { process: number; api: string; publicUrl: string };
    process.kill(run.process, 0);
    return run;
  } catch {
    return undefined;
  }
}

/** Prints the values for the account page, and the way to that page of a built-in module. */
function showSettings(text: string, module?: string): void {
  console.log(`Enter on the account page: ${text}`);
  const run = running();
  if (run && module !== undefined)
    console.log(`The account page of Crossdock at ${run.api} opens from the link of: npm run sandbox -- connect ${module}`);
}

function tellOfRunning(setting: string): void {
  const run = running();
  if (run) console.log(`Crossdock at ${run.api} calls this double when it was started with ${setting}`);
}

/** The webhook address of a running deployment's first connection of a module. */
async function webhookOfRunning(module: string): Promise<string | undefined> {
  const run = running();
  if (!run) return undefined;
  try {
    const token = process.env.OPERATOR_TOKEN ?? readFileSync(join(dataDir, 'operator-token'), 'utf8').trim();
    const reply = await fetch(`${run.api}/operator/api/connections?module=${module}`, { headers: { authorization: `Bearer ${token}` } });
    const { items } = (await reply.json()) as { items?: { id: string }[] };
    return items?.[0] && `${run.publicUrl}/${module}/webhooks/${items[0].id}`;
  } catch {
    return undefined;
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return port;
}

function untilStopped(stop: () => Promise<void>): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
}
