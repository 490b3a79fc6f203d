/** `npm run test:live -- cdek`: a small suite against a carrier's test API, not part of `npm test`. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { apiship } from './live/apiship.mjs';
import { cdek } from './live/cdek.mjs';
import { mercadopago } from './live/mercadopago.mjs';
import { moysklad } from './live/moysklad.mjs';
import { telegram } from './live/telegram.mjs';
import { yookassa } from './live/yookassa.mjs';
import { zadarma } from './live/zadarma.mjs';
import { SetupError, main, root, say } from './project.mjs';

const help = `npm run test:live -- <provider> [--url <address>]

Runs a small suite of one adapter against the outside service's public test contour: it quotes, registers, reads, prints and withdraws for true.
Needs a network. With --url it speaks to another address, such as a double's (npm run double -- cdek).

Providers: apiship, cdek, mercadopago, moysklad, telegram, yookassa, zadarma

mercadopago needs the token of a test seller, MERCADOPAGO_TEST_TOKEN, and its currency, MERCADOPAGO_TEST_CURRENCY (MXN); an order is opened, which nobody pays.
moysklad needs a trial account with a good in stock: MOYSKLAD_TEST_TOKEN (a double's when not set); an order of one unit is made, and emptied.
telegram needs a bot and a chat with you: TELEGRAM_TEST_TOKEN, and TELEGRAM_TEST_CHAT, the id of who pressed Start; its webhook is not touched.
yookassa needs a test shop: YOOKASSA_TEST_SHOP_ID and YOOKASSA_TEST_SECRET_KEY; a payment is made in it, which nobody pays.
zadarma needs an account: ZADARMA_TEST_KEY and ZADARMA_TEST_SECRET (a double's when not set); it is only read, nobody is called.
`;

/** @type {Record<string, import('./live/context.mjs').Suite>} */
const suites = { apiship, cdek, mercadopago, moysklad, telegram, yookassa, zadarma };

await main(async () => {
  const args = process.argv.slice(2);
  const at = args.indexOf('--url');
  const url = at === -1 ? undefined : args.splice(at, 2)[1];
  if (args.length !== 1 || args[0] === '--help' || args[0] === '-h') {
    process.stdout.write(help);
    return args.length === 1 ? 0 : 1;
  }
  const suite = suites[args[0]];
  if (!suite) throw new SetupError(`there is no live suite "${args[0]}". There are: ${Object.keys(suites).join(', ')}`);
  await install();
  await build();
  const load = (/** @type {string} */ path) => import(pathToFileURL(join(root, 'dist', path)).href);
  await import('reflect-metadata');
  const steps = await suite(load, url);
  let failed = 0;
  for (const [name, act] of steps) {
    try {
      await act();
      say(`ok      ${name}`);
    } catch (error) {
      failed++;
      say(`FAILED  ${name}: ${error.message}`);
      // Nothing else can go well.
      if (steps[0]?.[0] === name) {
        say('The service cannot be reached, or does not take the credentials: nothing was tested.');
        return 1;
      }
    }
  }
  say(`${steps.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
});
