import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { builtIn, listCodes } from '#catalogue';
import {
  ApiShipDouble,
  AsteriskDouble,
  CdekDouble,
  MessageGateway,
  MoySkladDouble,
  MaxDouble,
  TelegramDouble,
  WhatsAppDouble,
  YooKassaDouble,
  ZadarmaDouble,
} from '#testing';
import { MercadoPagoDouble } from '../../../lab/doubles/mercadopago/index.js';
import { StripeDouble } from '../../../lab/doubles/stripe/index.js';
import { ControlClient } from '../../../lab/sandbox-crm/src/cli/control-client.js';
import { runDemo } from '../../../lab/sandbox-crm/src/demo/demo.js';
import type { DemoOptions } from '../../../lab/sandbox-crm/src/demo/demo-run.js';
import { Account } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { Crm } from './support/crm.js';
import { Deployment, START_MS } from './support/deployment.js';
import { until } from './support/until.js';

/** The data and actions of one provider in the table of lives. */
interface Life {
  /** Settings to enter on the account page. */
  settings?: () => object;
  /** The account at the service, as the check of the settings names it. */
  account?: RegExp;
  /** Enters the address of the connection's webhooks at a service where shops do so by hand. */
  enterAddress?: (address: string) => void;
  /** Has people call and answer until the function that it returns is called. */
  playPeople?: () => () => void;
  /** The doubles that the demo plays people at. */
  demo?: () => Partial<DemoOptions>;
  /** Lines that the demo prints only if the life went all the way. */
  lines: readonly RegExp[];
  /** Moves the parcel of an order at the carrier to the status `delivered`. */
  deliver?: (order: string) => void;
  /** The double's webhooks: it posted some, and the module accepted all. */
  webhooks?: () => { idle(): Promise<void>; readonly attempts: readonly { status: number }[] };
}

const SHOP = { code: 'main', name: 'Shop', active: true };
/** The demo finds its shop of two stages by this code. */
const TWO_STAGES = { code: 'two-stages', name: 'Two stages', active: true, capture: 'manual' };
const PHONES = {
  extensions: [
    { code: '101', userId: 1 },
    { code: '102', userId: 2 },
  ],
  externalPhones: [{ siteCode: 'main', phone: '+74950000000' }],
};

const DELIVERY = [/ made once/, /12 orders, [1-9]\d* with a delivery, [2-9] printed forms/, /: shipment \S+ of \d+ orders/, /\(deleted\)/];
const PAYMENT = [
  /a declined card leaves it pending/,
  /refund \S+ of \S+ succeeded/,
  /: all refunded|: still refundable/,
  /status canceled/,
];
const STAGES = [/: status waitingForCapture/, /after the no of the CRM/];
const TELEPHONY = [/a call out, a call in/, /its record: \d+ bytes of audio\/\S+; a part of it: HTTP 206, 44 bytes/];
const STORE = [/wants 3 of 2, and is refused/, /the CRM has 7 again/];

// A life cannot be lived twice in one account.
jest.retryTimes(0);

let deployment: Deployment;
let cdek: CdekDouble;
let apiship: ApiShipDouble;
let yookassa: YooKassaDouble;
let stripe: StripeDouble;
let mercadopago: MercadoPagoDouble;
let asterisk: AsteriskDouble;
let zadarma: ZadarmaDouble;
let moysklad: MoySkladDouble;
let max: MaxDouble;
let telegram: TelegramDouble;
let whatsapp: WhatsAppDouble;
let gateway: MessageGateway;
let recordings: string;
const crms: Crm[] = [];

const LIVES: Readonly<Record<string, Life>> = {
  courier: { lines: [...DELIVERY, /a late report left order/] },
  cdek: {
    settings: () => ({ clientId: cdek.clientId, clientSecret: cdek.clientSecret }),
    lines: DELIVERY,
    deliver: (order) => {
      cdek.pushStatus(cdek.standing().find(({ number }) => number.startsWith(`${order}-`))?.number ?? '', 'DELIVERED');
    },
    webhooks: () => cdek.webhooks,
  },
  apiship: {
    settings: () => ({ contour: 'production', token: apiship.account.credentials.token }),
    lines: DELIVERY,
    deliver: (order) => {
      const numbers = apiship.standing().map(({ body }) => body.order.clientNumber);
      apiship.pushStatus(numbers.find((number) => number.startsWith(`${order}-`)) ?? '', 'delivered');
    },
    webhooks: () => apiship.webhooks,
  },
  testpay: { lines: [...PAYMENT, ...STAGES] },
  yookassa: {
    settings: () => {
      const { shopId, secretKey } = yookassa.shop.settings;
      const shops = [{ ...SHOP, capture: 'automatic' }, TWO_STAGES].map((shop) => ({ ...shop, shopId, secretKey }));
      return { hasNotifications: true, senders: ['127.0.0.1'], shops };
    },
    account: /100500/,
    enterAddress: (address) => {
      yookassa.shop.webhookUrl = address;
    },
    lines: [...PAYMENT, ...STAGES],
    webhooks: () => yookassa.webhooks,
  },
  stripe: {
    settings: () => ({ shops: [{ ...SHOP, capture: 'automatic' }, TWO_STAGES].map((shop) => ({ ...shop, secretKey: 'sk_test_double' })) }),
    account: /Double Shop 1/,
    lines: [...PAYMENT, ...STAGES],
    webhooks: () => stripe.webhooks,
  },
  mercadopago: {
    settings: () => {
      const { token: accessToken, webhookSecret } = mercadopago.account;
      return { shops: [{ ...SHOP, accessToken, webhookSecret }] };
    },
    account: /MX|MLM|M[ée]xico/,
    enterAddress: (address) => {
      mercadopago.account.webhookUrl = `${address}?client=${mercadopago.account.siteCode}`;
    },
    lines: PAYMENT,
    webhooks: () => mercadopago.webhooks,
  },
  asterisk: {
    settings: () => ({ ...asterisk.settings, ...PHONES, recordingsFolder: 'demo' }),
    playPeople: () => {
      const folder = join(recordings, 'demo');
      void asterisk.demoCustomers(folder);
      const timer = setInterval(() => void asterisk.demoCall('101', folder), 3_000);
      return () => clearInterval(timer);
    },
    lines: TELEPHONY,
  },
  zadarma: {
    settings: () => {
      const { key, secret } = zadarma.account.settings;
      return { key, secret, ...PHONES };
    },
    account: /USD/,
    playPeople: () => zadarma.playDemo(3_000),
    lines: TELEPHONY,
    webhooks: () => zadarma.webhooks,
  },
  copurchase: { lines: [/the demo counts the same/] },
  telegram: {
    settings: () => ({ bots: [{ code: 'bot', token: telegram.bot.token }] }),
    demo: () => ({ messenger: telegram.url }),
    lines: [
      /text: creating both, [^\n]*max_chars_count 4096/,
      /Hello! Do you deliver to Kazan\?/,
      /"Yes, in two days\.".*\[sent/,
      /the answer was sent as/,
    ],
    webhooks: () => telegram.webhooks,
  },
  max: {
    settings: () => ({ bots: [{ code: 'bot', token: max.bot.token }] }),
    account: /@shop1_bot/,
    demo: () => ({ messenger: max.url }),
    lines: [
      /text: creating both, [^\n]*max_chars_count 4000/,
      /Hello! Do you deliver to Kazan\?/,
      /"Yes, in two days\.".*\[sent/,
      /the answer was sent as/,
    ],
    webhooks: () => max.webhooks,
  },
  whatsapp: {
    settings: () => whatsapp.settings,
    account: /Double Shop 1, \+1 555/,
    demo: () => ({ messenger: whatsapp.url }),
    lines: [/text: creating both, [^\n]*max_chars_count 4096/, /Hello! Do you deliver to Kazan\?/, /"Yes, in two days\.".*\[(sent|seen)/],
    webhooks: () => whatsapp.webhooks,
  },
  webvisits: { lines: [/a visit of 2 pages, forgotten at the end/] },
  moysklad: {
    settings: () => {
      const [[organization], [agent]] = [[...moysklad.book.entries.organization.keys()], [...moysklad.book.entries.counterparty.keys()]];
      const stores = [{ code: 'msk', warehouse: moysklad.book.store('main').id }];
      return { token: moysklad.user.token, organization, agent, stores, mainStore: 'msk', callsIn3Seconds: 45 };
    },
    account: /admin@lavka/,
    demo: () => ({ warehouse: moysklad.url }),
    lines: STORE,
    webhooks: () => moysklad.webhooks,
  },
  ledger: { lines: STORE },
};

beforeAll(async () => {
  [cdek, apiship, yookassa, stripe, mercadopago, asterisk, zadarma, moysklad, telegram, max, whatsapp, gateway, recordings] =
    await Promise.all([
      CdekDouble.start(),
      ApiShipDouble.start(),
      YooKassaDouble.start(),
      StripeDouble.start(),
      MercadoPagoDouble.start(),
      AsteriskDouble.start(),
      ZadarmaDouble.start(),
      MoySkladDouble.start(),
      TelegramDouble.start({ webhookUrls: 'any' }),
      MaxDouble.start({ webhookUrls: 'any' }),
      WhatsAppDouble.start(),
      MessageGateway.start(),
      mkdtemp(join(tmpdir(), 'records-')),
    ]);
  moysklad.setModes({ stockWebhookMs: 50 });
  crms.push(...(await Promise.all(Object.keys(LIVES).map(() => Crm.start({ chatGateway: gateway.url })))));
  deployment = await Deployment.start({
    crms,
    variables: {
      CDEK_URL: cdek.url,
      APISHIP_URL: apiship.url,
      YOOKASSA_URL: yookassa.url,
      STRIPE_URL: stripe.url,
      MERCADOPAGO_URL: mercadopago.url,
      ZADARMA_URL: zadarma.url,
      MOYSKLAD_URL: moysklad.url,
      TELEGRAM_URL: telegram.url,
      MAX_URL: max.url,
      WHATSAPP_URL: whatsapp.url,
      RECORDINGS_ROOT: recordings,
    },
  });
}, START_MS);

afterAll(async () => {
  await deployment?.stop();
  const doubles = [cdek, apiship, yookassa, stripe, mercadopago, asterisk, zadarma, moysklad, telegram, max, whatsapp, gateway];
  await Promise.all([...doubles, ...crms].map((one) => one?.close()));
  await rm(recordings, { recursive: true, force: true });
});

it('each provider of the repository lives here', () => {
  expect(Object.keys(LIVES).toSorted()).toEqual(listCodes(builtIn).toSorted());
});

it.each(Object.entries(LIVES))(
  '%s lives: connected, set up, checked, and used as its kind is',
  async (module, { settings, account, enterAddress, playPeople, demo, lines, deliver, webhooks }) => {
    const crm = crms[Object.keys(LIVES).indexOf(module)] as Crm;
    const connected = await Account.connect(deployment, crm, module);
    const page = await AccountPage.open(connected);
    const values = { ...(await page.values()), ...settings?.() };
    const saved = await page.save(values);
    expect([saved.status, saved.status === 200 || saved.bytes.toString()]).toEqual([200, true]);
    if (settings) {
      const check = await page.call('POST', 'check', values);
      expect([check.status, check.json]).toMatchObject([200, { state: 'ok', ...(account && { account: expect.stringMatching(account) }) }]);
    }
    const { id } = await deployment.getConnection(crm);
    enterAddress?.(`${deployment.url}/${module}/webhooks/${id}`);
    if (webhooks && !enterAddress)
      await until('the service posts to the module', async () => {
        const { services } = await deployment.operator<{ services: { state: string }[] }>('GET', `/connections/${id}`);
        return services.every(({ state }) => state === 'connected');
      });
    const endPeople = playPeople?.();

    const printed: string[] = [];
    const code = await runDemo(new ControlClient(crm.url, 'default'), {
      ...{ module, moduleUrl: `${deployment.url}/${module}`, secret: deployment.getSecret(module) },
      ...{ operatorToken: deployment.variables.OPERATOR_TOKEN ?? '', wait: 30_000, print: (line: string) => printed.push(line) },
      ...demo?.(),
    });
    const text = printed.join('\n');
    expect([code, text.match(/(DID NOT WORK|AGAINST THE CONTRACT).*/g)]).toEqual([0, null]);
    for (const line of lines) expect(text).toMatch(line);

    if (deliver) {
      const deliveryId = String(crm.findShown('1')['externalId']);
      deliver('1');
      await until('the CRM has the carrier’s status', () => crm.findDelivery(deliveryId)?.history.at(-1)?.code === 'delivered');
    }
    if (webhooks) {
      await webhooks().idle();
      expect([...new Set(webhooks().attempts.map(({ status }) => status))]).toEqual([200]);
    }
    endPeople?.();
    expect(crm.complaints).toEqual([]);
  },
  120_000,
);
