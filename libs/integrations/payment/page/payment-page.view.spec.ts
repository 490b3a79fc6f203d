import { describe, expect, it } from '@jest/globals';
import { LANGUAGES, textFor } from '#platform';
import { toMoney } from '#provider-kit';
import { STATE_TEXTS } from './page.texts.js';
import { type InvoicePage, renderInvoice, renderPosting } from './payment-page.view.js';

const page: InvoicePage = {
  language: 'en',
  payee: 'Shop',
  items: [],
  amount: toMoney(123450, 'EUR'),
  state: 'open',
  forms: [],
  samples: [],
};

describe('invoicePage', () => {
  it('escapes all that comes from outside', () => {
    const nasty = `<img src=x onerror=alert(1)>"'&`;
    const { html } = renderInvoice({
      ...page,
      payee: nasty,
      site: nasty,
      orderNumber: nasty,
      items: [{ name: nasty, quantity: 1, measurementUnit: nasty, total: toMoney(1, 'EUR') }],
      returnUrl: `https://shop.example/?a="><script>`,
      leavesInSeconds: 5,
    });
    expect(html).not.toContain('<img src=x');
    expect(html).not.toContain('"><script>');
    expect(html).not.toMatch(/onerror=alert\(1\)>/);
  });

  it("has the module's logo as its icon, so that no browser looks for another", () => {
    expect(renderInvoice(page).html).toContain('<link rel="icon" href="../logo.svg">');
  });

  it('has its own nonce each time, which its style uses', () => {
    const [first, second] = [renderInvoice(page), renderInvoice(page)];
    const nonce = /style-src 'nonce-([^']+)'/.exec(first.policy)?.[1];
    expect(first.html).toContain(`<style nonce="${nonce}">`);
    expect(second.policy).not.toBe(first.policy);
  });

  it('states that no money moves, and enters the clicked sample', () => {
    const label = { en: 'Card', es: 'Tarjeta', ru: 'Карта' };
    const pays = { en: 'pays', es: 'paga', ru: 'платит' };
    const open: InvoicePage = {
      ...page,
      forms: [
        {
          fields: [
            { name: 'way', label, value: 'card', hidden: true },
            { name: 'card', label },
          ],
          submit: label,
        },
      ],
      samples: ['4242 4242', '"4000"'].map((value) => ({ value, text: pays })),
    };
    expect(renderInvoice(open).html).not.toContain('Test mode');
    const { html } = renderInvoice({ ...open, isTest: true, sample: 1 });
    expect(html).toContain('<p class="test">Test mode: you will not be charged</p>');
    expect(html).toContain('<a href="?sample=0">4242 4242</a>');
    expect(html).toContain('name="way" value="card"');
    expect(html).toContain('name="card" value="&quot;4000&quot;"');
    for (const sample of [2, 999]) expect(renderInvoice({ ...open, sample }).html).toContain('name="card" value=""');
  });

  it.each(LANGUAGES)('describes every state in %s', (language) => {
    for (const state of Object.keys(STATE_TEXTS) as (keyof typeof STATE_TEXTS)[]) {
      const { html } = renderInvoice({ ...page, language, state });
      expect(html).toContain(`<html lang="${language}">`);
      expect(html).toContain(textFor(STATE_TEXTS[state], language).replaceAll("'", '&#39;'));
    }
  });

  it('replaces a rejected entry by a sample, and focuses the button that sends it', () => {
    const label = { en: 'Card', es: 'Tarjeta', ru: 'Карта' };
    const refused: InvoicePage = {
      ...page,
      notice: { tone: 'bad', text: { en: 'declined', es: 'rechazada', ru: 'отклонена' } },
      forms: [{ fields: [{ name: 'card', label }], submit: label }],
      samples: [{ value: '4242', text: label }],
    };
    expect(renderInvoice(refused).html).toContain('declined');
    expect(renderInvoice(refused).html).not.toContain('autofocus');
    const { html } = renderInvoice({ ...refused, sample: 0 });
    expect(html).not.toContain('declined');
    expect(html).toContain('<button autofocus>');
  });

  it('continues automatically only to a given address, and announces it', () => {
    expect(renderInvoice({ ...page, leavesInSeconds: 5 }).html).not.toMatch(/refresh|<script|You will return/);
    const { html, policy } = renderInvoice({ ...page, leavesInSeconds: 5, returnUrl: 'https://shop.example/' });
    expect(html).toContain('<noscript><meta http-equiv="refresh" content="5; url=https://shop.example/"></noscript>');
    expect(html).toContain('You will return to the shop');
    expect(policy).toMatch(/script-src 'nonce-/);
  });

  it('of a form for the gateway escapes its fields, and posts to this origin only', () => {
    const { html, policy } = renderPosting('en', 'https://pay.example/a?b="><script>', { '"><b>': `<script>"'&` });
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toContain('<b>');
    expect(policy).toContain('; form-action https://pay.example; ');
  });

  it('looks for the outcome without being loaded again and again, where scripts run', () => {
    const { html } = renderInvoice({ ...page, reloadSeconds: 3 });
    expect(html).toContain('<noscript><meta http-equiv="refresh" content="3"></noscript>');
    expect(html).toContain('setTimeout(look, 3000)');
    expect(renderInvoice(page).html).not.toContain('<script');
  });
});
