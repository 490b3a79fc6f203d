import type { FastifyInstance, FastifyReply } from 'fastify';
import { escapeHtml } from '#platform';
import type { YooKassaControl } from './yookassa-control.js';
import { TEST_CARDS } from './yookassa-methods.js';
import type { YooKassaPayment } from './yookassa-objects.js';

const PATH = '/checkout/payments/:id';

/** Cards of the sandbox CRM's demo, and those of YooKassa that do the same. */
const DEMO_CARDS: Readonly<Record<string, string>> = { '4242424242424242': '5555555555554477', '4000000000000002': '5555555555554600' };

/** The page that `confirmation_url` leads to: a button for each way to pay, and the test cards. */
export function registerYooKassaPage(app: FastifyInstance, double: YooKassaControl): void {
  app.get(PATH, (request, reply) => {
    const payment = findPayment(double, (request.params as { id: string }).id);
    return show(double, reply.code(payment ? 200 : 404), payment);
  });
  app.post(PATH, (request, reply) => {
    const payment = findPayment(double, (request.params as { id: string }).id);
    const backUrl = payment?.confirmation?.return_url;
    if (payment?.status !== 'pending' || backUrl === undefined) return show(double, reply.code(payment ? 409 : 404), payment);
    const form = new URLSearchParams(String(request.body ?? ''));
    const number = form.get('card')?.replaceAll(' ', '');
    const card = number === undefined ? undefined : (DEMO_CARDS[number] ?? number);
    const way = form.get('way') ?? 'bank_card';
    const { book } = double.shopWith(payment.id);
    if (!book.listWays(payment).includes(way) || (card !== undefined && !(card in TEST_CARDS)))
      return show(double, reply.code(400), payment, 'There is no such way to pay.');
    book.pay(payment.id, { way, ...(card !== undefined && { card }) });
    if (payment.paid || payment.receipt_registration === 'pending') return reply.redirect(backUrl, 303);
    return show(double, reply, payment, 'The payment was declined.', backUrl);
  });
}

function findPayment(double: YooKassaControl, id: string): YooKassaPayment | undefined {
  // Its end may be due.
  for (const { book } of double.shops) book.endWhatIsDue();
  return double.shops.flatMap(({ book }) => book.payments).find((one) => one.id === id);
}

function show(
  double: YooKassaControl,
  reply: FastifyReply,
  payment: YooKassaPayment | undefined,
  notice = '',
  backUrl = payment?.confirmation?.return_url,
): FastifyReply {
  const back = backUrl === undefined ? '' : `<a href="${escapeHtml(backUrl)}">Back to the shop</a>`;
  return reply
    .type('text/html; charset=utf-8')
    .send(
      `<!doctype html><meta charset="utf-8"><title>YooKassa double</title><h1>YooKassa double</h1><p>${notice}</p>${renderBody(double, payment)}${back}`,
    );
}

function renderBody(double: YooKassaControl, payment: YooKassaPayment | undefined): string {
  if (payment?.status !== 'pending') return `<p>${payment ? `There is nothing to pay: ${payment.status}.` : 'There is no such page.'}</p>`;
  const { value, currency } = payment.amount;
  const cards = Object.entries(TEST_CARDS).map(
    ([number, decline]) => `<option value="${number}">${number}: ${decline?.reason ?? 'pays'}</option>`,
  );
  const forms = double
    .shopWith(payment.id)
    .book.listWays(payment)
    .map((way) => {
      const choice = way === 'bank_card' ? `<select name="card">${cards.join('')}</select>` : '';
      return `<form method="post">${choice}<button name="way" value="${way}">${way}</button></form>`;
    });
  return `<p>${value} ${currency}</p><p>${escapeHtml(payment.description ?? '')}</p>${forms.join('')}`;
}
