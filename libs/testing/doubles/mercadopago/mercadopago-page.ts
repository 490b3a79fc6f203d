import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MERCADOPAGO_WAYS, type MercadoPagoWay } from './mercadopago-book.js';
import type { MercadoPagoAccount, MercadoPagoControl } from './mercadopago-control.js';
import type { MercadoPagoOrder } from './mercadopago-objects.js';

const WAYS: Readonly<Record<string, string>> = {
  APRO: 'Pay',
  FUND: 'Pay with a card that is refused',
  CONT: 'Pay with a card that is examined first',
  ticket: 'Print a slip and pay in cash',
  transfer: 'Pay by transfer',
  challenge: 'Pay with a card whose bank asks for proof',
};

/** Cards of the sandbox CRM's demo, which names no holder. */
const DEMO_CARDS: Readonly<Record<string, MercadoPagoWay>> = { '4242424242424242': 'APRO', '4000000000000002': 'FUND' };

interface Visited {
  account: MercadoPagoAccount;
  order: MercadoPagoOrder;
}

/**
 * The page of an order's `checkout_url`: a button for each way to pay. A form may also name the card's
 * `holder`, who decides as with the service's test cards.
 */
export function registerCheckoutPage(app: FastifyInstance, double: MercadoPagoControl): void {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  const find = (request: FastifyRequest): Visited | undefined => {
    const id = (request.query as { order_id?: string }).order_id;
    const account = double.accounts.find(({ book }) => book.orders.some((order) => order.id === id));
    return account && { account, order: account.book.order(id ?? '') };
  };
  app.get('/checkout/v1/redirect', (request, reply) => {
    const found = find(request);
    return show(reply, found ? 200 : 404, renderPage(found));
  });
  app.post('/checkout/v1/redirect', (request, reply) => {
    const found = find(request);
    if (!found?.account.book.isOpen(found.order)) return show(reply, found ? 409 : 404, renderPage(found));
    const { account, order } = found;
    const form = new URLSearchParams(String(request.body ?? ''));
    const named = form.get('way') ?? form.get('holder') ?? DEMO_CARDS[form.get('card')?.replaceAll(' ', '') ?? ''] ?? 'OTHE';
    const way = MERCADOPAGO_WAYS.find((one) => one === named);
    if (way === undefined) return show(reply, 400, renderPage(found, `Nobody pays by ${named}.`));
    try {
      account.book.pay(order.id, way);
    } catch (error) {
      return show(reply, 400, renderPage(found, (error as Error).message));
    }
    const back = buildReturn(account, order);
    return back === undefined ? show(reply, 200, renderPage(found, describe(order))) : reply.redirect(back, 303);
  });
  app.get('/checkout/v1/ticket', (_request, reply) =>
    show(reply, 200, '<!doctype html><title>Slip</title><h1>Slip to be paid in cash</h1>'),
  );
}

/** Where the buyer is sent without a click, if anywhere. */
function buildReturn(account: MercadoPagoAccount, order: MercadoPagoOrder): string | undefined {
  const { auto_return, success_url, pending_url } = order.request.config?.online ?? {};
  if (order.status === 'processed') return auto_return && success_url && withOutcome(account, order, success_url);
  const isAwaited = !account.book.isOpen(order) && order.status !== 'failed';
  return isAwaited && auto_return === 'all' && pending_url ? withOutcome(account, order, pending_url) : undefined;
}

/** An address to return to, with the outcome as it is known then: it proves nothing. */
function withOutcome({ modes }: MercadoPagoAccount, order: MercadoPagoOrder, address: string): string {
  if (!modes.returnQuery) return address;
  const payment = order.payments.at(-1);
  const status =
    order.status === 'processed' ? 'approved' : order.detail === 'waiting_retry' || order.status === 'failed' ? 'rejected' : 'pending';
  const outcome = new URLSearchParams({
    ...{
      collection_id: String(payment?.number ?? 'null'),
      collection_status: status,
      payment_id: String(payment?.number ?? 'null'),
      status,
    },
    ...{ external_reference: order.request.external_reference ?? 'null', payment_type: payment?.payment_method.type ?? 'null' },
  });
  return `${address}${address.includes('?') ? '&' : '?'}${outcome.toString()}`;
}

function describe(order: MercadoPagoOrder): string {
  if (order.status === 'processed') return 'Your payment was approved.';
  const refused = order.payments.at(-1)?.attempts.at(-1);
  if (order.detail === 'waiting_retry') return `Your payment was refused (${refused?.status_detail ?? ''}). Choose another way to pay.`;
  return `Your payment is ${order.status}: ${order.detail}.`;
}

function renderPage(found: Visited | undefined, notice = ''): string {
  const title = 'MercadoPago double';
  const head = `<!doctype html><meta charset="utf-8"><title>${title}</title><h1>${title}</h1><p>${escaped(notice)}</p>`;
  if (!found) return `${head}<p>There is no such order.</p>`;
  const { account, order } = found;
  const isOpen = account.book.isOpen(order);
  const buttons = Object.entries(WAYS).map(
    ([way, text]) => `<form method="post"><button name="way" value="${way}">${text}</button></form>`,
  );
  const { success_url, pending_url, failure_url } = order.request.config?.online ?? {};
  const back = order.status === 'processed' ? success_url : isOpen || order.status === 'failed' ? failure_url : pending_url;
  return [
    head,
    isOpen
      ? `<p>${order.request.total_amount} ${account.site.currency}</p>${buttons.join('')}`
      : `<p>This page takes no payment: ${order.status}.</p>`,
    back === undefined ? '' : `<a href="${escaped(withOutcome(account, order, back))}">Back to the shop</a>`,
  ].join('');
}

function show(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(html);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
