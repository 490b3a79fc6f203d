import type { FastifyInstance } from 'fastify';
import type { StripeControl } from './stripe-control.js';
import type { StripeSession } from './stripe-objects.js';

const CHOICES: Readonly<Record<string, string>> = {
  pay: 'Pay',
  decline: 'Pay with a card that is declined',
  slow: 'Pay by a way that takes days',
};

/** The hosted page a session's `url` leads to: a button for each way to pay, no more. */
export function registerHostedPage(app: FastifyInstance, double: StripeControl): void {
  app.get('/c/pay/:id', (request, reply) => {
    const session = findSession(double, (request.params as { id: string }).id);
    if (session?.status === 'open') double.bookWith(session.id).begin(session.id);
    return reply
      .type('text/html; charset=utf-8')
      .code(session ? 200 : 404)
      .send(renderPage(session));
  });
  app.post('/c/pay/:id', (request, reply) => {
    const session = findSession(double, (request.params as { id: string }).id);
    if (session?.status !== 'open')
      return reply
        .code(session ? 409 : 404)
        .type('text/html; charset=utf-8')
        .send(renderPage(session));
    const book = double.bookWith(session.id);
    const way = new URLSearchParams(String(request.body ?? '')).get('way');
    if (way === 'decline') {
      book.pay(session.id, { declined: 'insufficient_funds' });
      return reply.code(402).type('text/html; charset=utf-8').send(renderPage(session, 'Your card was declined.'));
    }
    book.pay(session.id, way === 'slow' ? 'processing' : 'pays');
    return reply.redirect(session.success_url, 303);
  });
}

function findSession(double: StripeControl, id: string): StripeSession | undefined {
  // Its end may be due.
  return double.accounts.some(({ book }) => book.sessions.some((one) => one.id === id)) ? double.bookWith(id).session(id) : undefined;
}

function renderPage(session: StripeSession | undefined, notice = ''): string {
  const body =
    session?.status === 'open'
      ? `<p>${session.amount_total} ${session.currency} (smallest units)</p>${Object.entries(CHOICES)
          .map(([way, title]) => `<form method="post"><button name="way" value="${way}">${title}</button></form>`)
          .join('')}${session.cancel_url === null ? '' : `<a href="${escaped(session.cancel_url)}">Back</a>`}`
      : `<p>${session ? `This page has ended: ${session.status}.` : 'There is no such page.'}</p>`;
  return `<!doctype html><meta charset="utf-8"><title>Stripe double</title><h1>Stripe double</h1><p>${notice}</p>${body}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
