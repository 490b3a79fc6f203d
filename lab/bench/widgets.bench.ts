import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { callbackForm, sampleOrder, wireCalculate, wireSave } from '#testing';
import { benchDatabase, freePort, median, startChild } from './support/bench.js';
import { FORM, post, startCrm } from './support/crm.js';

/**
 * Requests per second of `calculate`, alone and together with 200 badges of widgets per second, in turns and
 * in one run, and the processor time of a badge and a `calculate`. Aim: more than 0.8 of the rate remains.
 */
const SECONDS = Number(process.env.BENCH_SECONDS ?? 5);
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const CONNECTIONS = 50;
const BADGES_PER_SECOND = 200;
const ORDERS = 1_000;

const crm = await startCrm();
const port = await freePort();
const { variables, drop } = await benchDatabase('widgets', { PORT: String(port), MODULES: 'courier', CRM_HOSTS: crm.url });
const stop: (() => Promise<void>)[] = [];

try {
  const api = await startChild('./api.child.js', variables);
  stop.push(api.stop);
  const callbacks = `http://127.0.0.1:${port}/courier/callbacks`;
  const clientId = await crm.connect(`http://127.0.0.1:${port}/courier/register`);
  const calculateBody = callbackForm(clientId, { calculate: wireCalculate() });
  for (let order = 1; order <= ORDERS; order++) {
    const save = wireSave('courier', sampleOrder('moscowCourier', { order: String(order), orderNumber: `${order}A` }));
    await post(`${callbacks}/delivery/save`, callbackForm(clientId, { save }));
  }

  /** Every second order has no delivery. */
  const nextBadge = (): string => {
    const id = 1 + Math.floor(Math.random() * ORDERS * 2);
    const order = {
      id,
      number: `${id}A`,
      currency: 'RUB',
      total: 4980,
      address: 'Москва, ул. Тверская, 7',
      items: [{ offerId: 1, quantity: 2 }],
    };
    const payload = { version: 1, target: 'order/card:delivery.after', locale: 'ru-RU', order, user: { id: 7, name: 'Анна' } };
    return callbackForm(clientId, { payload });
  };
  const calculate = async (): Promise<{ rate: number; cpu: number }> => {
    const before = await api.cpu();
    const { requests, non2xx } = await autocannon({
      ...{ url: `${callbacks}/delivery/calculate`, connections: CONNECTIONS, duration: SECONDS, method: 'POST' },
      ...{ headers: FORM, body: calculateBody },
    });
    if (non2xx > 0) throw new Error(`${non2xx} calculations failed`);
    return { rate: requests.average, cpu: ((await api.cpu()) - before) / requests.total };
  };
  const badge = async (seconds: number): Promise<{ cpu: number; sent: number; times: number[] }> => {
    const times: number[] = [];
    const before = await api.cpu();
    const result = await autocannon({
      ...{ url: `${callbacks}/embed/badge`, connections: 10, duration: seconds, overallRate: BADGES_PER_SECOND },
      setupClient: (client) => client.on('response', (_status, _bytes, ms) => times.push(ms)),
      requests: [{ method: 'POST', headers: FORM, setupRequest: (request) => ({ ...request, body: nextBadge() }) }],
    });
    if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} badges failed`);
    return { cpu: (await api.cpu()) - before, sent: result.requests.total, times };
  };

  await Promise.all([calculate(), badge(SECONDS)]);
  const rounds: { alone: number; together: number; cpu: number; p50: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { rate: alone, cpu } = await calculate();
    const [{ rate: together }, { times }] = await Promise.all([calculate(), badge(SECONDS)]);
    rounds.push({ alone, together, cpu, p50: median(times) });
  }
  await sleep(500);
  const idle = await badge(SECONDS);
  const ratios = rounds.map(({ alone, together }) => together / alone);
  console.log(`calculate, ${CONNECTIONS} at once, ${ROUNDS} rounds of ${SECONDS} s`);
  console.log(`  alone: ${median(rounds.map(({ alone }) => alone)).toFixed(0)} a second`);
  console.log(
    `  with ${BADGES_PER_SECOND} badges a second: ${median(rounds.map(({ together }) => together)).toFixed(0)} a second, ` +
      `${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}) of it (aim: 0.8)`,
  );
  console.log(
    `  a badge: ${(idle.cpu / idle.sent).toFixed(0)} us of processor time, p50 ${median(idle.times).toFixed(1)} ms alone; a calculate: ${median(rounds.map(({ cpu }) => cpu)).toFixed(0)} us`,
  );
  console.log(`  a badge together with calculate: p50 ${median(rounds.map(({ p50 }) => p50)).toFixed(1)} ms`);
} finally {
  for (const end of stop) await end();
  crm.close();
  await drop();
}
