import type { HandPage } from '../../../libs/testing/hand-page.js';
import { type MercadoPagoAccount, type MercadoPagoOrder, readWay } from './mercadopago-account.js';

const WAYS = {
  ...{ APRO: 'Pay', FUND: 'Pay with a card that is refused', CONT: 'Pay with a card that is examined first' },
  ...{ ticket: 'Print a slip and pay in cash', transfer: 'Pay by transfer', challenge: 'Pay with a card whose bank asks for proof' },
};
/** Cards of the sandbox CRM's demo, which has no cardholder. */
const DEMO_CARDS: Readonly<Record<string, string>> = { '4242424242424242': 'APRO', '4000000000000002': 'FUND' };

/**
 * The page of an order's `checkout_url`. A form may also name the card's `holder`, as with the service's
 * test cards.
 */
export function makeCheckoutPage(account: MercadoPagoAccount, id: string): HandPage {
  const order = account.order(id);
  const { auto_return, success_url, pending_url, failure_url } = order.request.config?.online ?? {};
  const isOpen = account.isOpen(order);
  const isUnpaid = (): boolean => account.isOpen(order) || order.status === 'failed';
  const toReturn = (address: string | undefined): string | undefined => address && withOutcome(order, address);
  return {
    title: 'MercadoPago double',
    ways: isOpen ? WAYS : {},
    lines: [isOpen ? `${order.request.total_amount} ${account.site.currency}` : `This page does not accept a payment: ${order.status}.`],
    back: toReturn(order.status === 'processed' ? success_url : isUnpaid() ? failure_url : pending_url),
    act: (form) => {
      const card = DEMO_CARDS[form.get('card')?.replaceAll(' ', '') ?? ''];
      account.pay(id, readWay(form.get('way') ?? form.get('holder') ?? card ?? 'OTHE'));
      const next = order.status === 'processed' ? auto_return && success_url : auto_return === 'all' && !isUnpaid() && pending_url;
      const to = toReturn(next || undefined);
      const refused = order.payments.at(-1)?.attempts.at(-1)?.status_detail ?? '';
      return to === undefined ? { notice: `Your payment is ${order.status}: ${order.detail} (${refused}).` } : { to };
    },
  };
}

/** An address to return to, with the present outcome. It proves nothing. */
function withOutcome(order: MercadoPagoOrder, address: string): string {
  const payment = order.payments.at(-1);
  const isRefused = order.detail === 'waiting_retry' || order.status === 'failed';
  const [id, status] = [String(payment?.number ?? 'null'), order.status === 'processed' ? 'approved' : isRefused ? 'rejected' : 'pending'];
  const external_reference = order.request.external_reference ?? 'null';
  const query = { collection_id: id, collection_status: status, payment_id: id, status, external_reference };
  const type = { payment_type: payment?.payment_method.type ?? 'null' };
  return `${address}${address.includes('?') ? '&' : '?'}${new URLSearchParams({ ...query, ...type }).toString()}`;
}
