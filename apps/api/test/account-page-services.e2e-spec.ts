import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { Account } from './support/account.js';
import { AccountPage } from './support/account-page.js';
import { browserPath, startBrowser } from './support/browser.js';
import { Deployment, START_MS } from './support/deployment.js';
import { HookService } from './support/hook-service.js';
import { openInCrm } from './support/open-in-crm.js';

const OTHERS = 'https://other-program.example/hooks';

let deployment: Deployment;
let service: HookService;
let browser: Browser;
let page: Page;
/** Problems that the browser reported about the page. */
let complaints: string[];

async function connect(module: string, language = 'en', refused: readonly string[] = []): Promise<Account> {
  const crm = deployment.nextCrm();
  crm.settings = { ...crm.settings, system_language: { value: language, updated_at: '2026-01-01 10:00:00' } };
  return Account.connect(deployment, crm, module, refused);
}

/** Opens the page of an account of `HookService`, and enters valid values except for the given ones. */
async function openHooked(language?: string, { apiKey = service.apiKey, secret = 'a-strong-secret-of-it' } = {}): Promise<Frame> {
  const frame = await openInCrm(page, await connect('hooked-carrier', language));
  await fill(frame, apiKey, secret);
  return frame;
}

async function fill(frame: Frame, apiKey: string, secret: string): Promise<void> {
  const [address, key, webhookSecret] = await frame.locator('.settings-form input').all();
  await address?.fill(service.url);
  await key?.fill(apiKey);
  await webhookSecret?.fill(secret);
}

/** Presses a button, waits until the form can be used again, and returns the page's status message. */
async function press(frame: Frame, name: string): Promise<string> {
  await frame.getByRole('button', { name, exact: true }).click();
  await frame.locator('.settings-form > fieldset:not([disabled])').waitFor();
  return statusOf(frame).innerText();
}

const hasFocus = (locator: Locator): Promise<boolean> =>
  locator.evaluate((element) => (element as unknown as { matches(selector: string): boolean }).matches(':focus'));
const panel = (frame: Frame): Locator => frame.locator('.provider-setup');
const statusOf = (frame: Frame): Locator => frame.locator('.save-bar [role=status]');
const errors = (frame: Frame): Locator => frame.locator('.ui-field p.bad:visible');
/** Waits until the page shows this text about the service. */
const see = (frame: Frame, text: string | RegExp): Promise<void> => panel(frame).getByText(text).waitFor();

(browserPath === undefined ? describe.skip : describe)('the account page in a browser', () => {
  beforeAll(async () => {
    service = await HookService.start();
    [deployment, browser] = await Promise.all([
      Deployment.start({ accounts: 19, withFakeCarrier: true, variables: { PROVIDER_BUDGET_MS: '3000' }, workers: 0 }),
      startBrowser(),
    ]);
    page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
    page.setDefaultTimeout(30_000);
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => void dialog.accept());
  }, START_MS);

  afterAll(async () => {
    await browser?.close();
    await deployment?.stop();
    await service?.close();
  }, START_MS);

  beforeEach(() => {
    complaints = [];
    service.reset();
  });

  describe('and a service', () => {
    it('marks a wrong key at its field, and shows who a right one belongs to', async () => {
      const frame = await openHooked('en', { apiKey: 'wrong' });
      expect(await panel(frame).isVisible()).toBe(false);
      expect(await press(frame, 'Save')).toBe('Not saved: correct the marked fields.');
      const key = frame.getByLabel('API key');
      expect(await key.getAttribute('aria-invalid')).toBe('true');
      expect(await hasFocus(key)).toBe(true);
      expect(await errors(frame).allInnerTexts()).toEqual(['Is not accepted']);

      await key.fill(service.apiKey);
      expect(await press(frame, 'Save')).toBe('Saved. The module is being registered again. Connected as Shop of Anna.');
      await see(frame, 'Connected as Shop of Anna.');
      await see(frame, 'The service sends its events here.');
      expect(await errors(frame).count()).toBe(0);
    });

    it('shows the problem next to the fields, too', async () => {
      const frame = await openHooked('en', { secret: 'shut-secret-of-the-shop' });
      expect(await press(frame, 'Save')).toBe('Not saved: correct the marked fields.\nThe shop is shut.');
      expect(await errors(frame).allInnerTexts()).toEqual(['Is of a shop that is shut']);
    });

    it('tries what is entered without storing it', async () => {
      const frame = await openHooked('en', { apiKey: 'wrong' });
      await frame.getByLabel('API address').fill('');
      expect(await press(frame, 'Check now')).toBe('Not checked: correct the marked fields.');
      await frame.getByLabel('API address').fill(service.url);
      expect(await press(frame, 'Check now')).toBe('The service does not accept these settings. Correct the marked fields.');
      expect(await frame.getByLabel('API key').getAttribute('aria-invalid')).toBe('true');
      await frame.getByLabel('API key').fill(service.apiKey);
      await frame.getByLabel('Webhook secret').fill('weak-secret-of-shop');
      expect(await press(frame, 'Check now')).toBe('Connected as Shop of Anna. Not saved yet.');
      expect(await frame.locator('.ui-field p.warn:visible:not(:empty)').allInnerTexts()).toEqual(['Is weak']);
      expect(await panel(frame).isVisible()).toBe(false);
      expect(service.hooks).toEqual([]);

      // The stored result of the check does not change.
      await press(frame, 'Save');
      service.fail('account', { kind: 'error-before', status: 503 });
      expect(await press(frame, 'Check now')).toMatch(/^The service did not respond \(.+[^.]\)\. Try again in a moment\.$/);
      await see(frame, /^The service did not respond .* The settings are saved, and we’ll retry automatically\./);
      expect(await press(frame, 'Check now')).toBe('Connected as Shop of Anna.');
      await see(frame, 'Connected as Shop of Anna.');
    });

    it('asks for the secrets again at a changed address, and not to leave them empty', async () => {
      const [save, keep, again] = [
        'Guardar',
        'Guardado. Déjelo en blanco para mantenerlo',
        'Vuelva a introducirlo, porque la dirección cambió',
      ];
      const frame = await openHooked('es');
      await press(frame, save);
      expect(await frame.getByText(keep).count()).toBe(2);

      const [address, key, secret] = await frame.locator('.settings-form input').all();
      await address?.fill(service.url.replace('127.0.0.1', 'localhost'));
      await press(frame, save);
      expect(await errors(frame).allInnerTexts()).toEqual([again, again]);
      expect(await frame.getByText(keep).count()).toBe(0);
      expect(key && (await hasFocus(key))).toBe(true);

      await key?.fill(service.apiKey);
      await secret?.fill('a-strong-secret-of-it');
      await press(frame, save);
      expect(await errors(frame).count()).toBe(0);
      expect(await frame.getByText(keep).count()).toBe(2);
    });

    it('saves while the service is unavailable, and shows that', async () => {
      const frame = await openHooked();
      service.fail('account', { kind: 'hang' });
      const said = await press(frame, 'Save');
      expect(said).toMatch(/^The service did not respond \(.+\)\. The settings are saved, and we’ll retry automatically\.$/);
      expect(await panel(frame).innerText()).toContain(said);
      service.fail('list', { kind: 'error-before', status: 503 });
      await press(frame, 'Save');
      await see(frame, /^Could not be set up at the service: .+\. We’ll retry automatically\./);
      await panel(frame).locator(':focus').waitFor();
      await panel(frame).getByRole('button', { name: 'Try again now' }).click();
      await see(frame, 'The service sends its events here.');
    });

    it('asks before it replaces what others set up', async () => {
      service.occupy(`${OTHERS}?token=1`);
      const frame = await openHooked();
      await press(frame, 'Save');
      await see(frame, `The service sends its events to ${OTHERS} (Shop of Anna).`);
      await panel(frame).locator(':focus').waitFor();
      await panel(frame).getByRole('button', { name: 'Keep it' }).click();
      await see(frame, 'Unchanged: events from the service do not arrive here.');
      expect(await panel(frame).getByRole('button').allInnerTexts()).toEqual(['Replace']);
      expect(service.hooks.map(({ url }) => url)).toEqual([`${OTHERS}?token=1`]);
      await panel(frame).getByRole('button', { name: 'Replace' }).click();
      await see(frame, 'The service sends its events here.');
      expect(service.hooks.map(({ url }) => url)).toEqual([expect.stringContaining('/hooked-carrier/webhooks/')]);
      expect(await panel(frame).getByRole('button').count()).toBe(0);
    });

    it('shows what its user must enter there, and copies it', async () => {
      service.modes.isManual = true;
      const frame = await openHooked();
      await press(frame, 'Save');
      await see(frame, 'At "Webhooks"');
      const address = await frame.getByLabel('Enter this address at the service').inputValue();
      expect(address).toMatch(/\/hooked-carrier\/webhooks\/[0-9a-f-]{36}$/);
      await panel(frame).getByRole('button', { name: 'Copy' }).first().click();
      expect(await panel(frame).getByRole('button', { name: 'Copied' }).count()).toBe(1);
      // Pasted where anything may be.
      await frame.getByLabel('API address').focus();
      await page.keyboard.press('Control+A');
      await page.keyboard.press('Control+V');
      expect(await frame.getByLabel('API address').inputValue()).toBe(address);
      expect(await frame.getByLabel('With these events').inputValue()).toBe('order.changed');
      service.modes.isManual = false;
      await panel(frame).getByRole('button', { name: 'Done, check again' }).click();
      await see(frame, 'The service sends its events here.');
    });

    it("speaks the account's language", async () => {
      service.occupy(OTHERS);
      const frame = await openHooked('ru');
      expect(await press(frame, 'Сохранить')).toContain('Подключено: Shop of Anna.');
      await see(frame, OTHERS);
      await panel(frame).getByRole('button', { name: 'Заменить' }).click();
      await see(frame, 'События приходят.');
    });

    it('shows the address of the webhooks where the user has to enter it, and no button where nothing can be checked', async () => {
      const frame = await openInCrm(page, await connect('fake-carrier'));
      expect(await frame.getByLabel("Address for the provider's webhooks").inputValue()).toMatch(
        /\/fake-carrier\/webhooks\/[0-9a-f-]{36}$/,
      );
      await frame.getByRole('button', { name: 'Save' }).waitFor();
      expect(await frame.getByRole('button', { name: 'Check now' }).count()).toBe(0);
      const hooked = await openInCrm(page, await connect('hooked-carrier'));
      expect(await hooked.getByLabel("Address for the provider's webhooks").count()).toBe(0);
    });
  });

  describe('and a lookup', () => {
    let account: Account;
    let frame: Frame;

    const field = (name: string): Locator => frame.getByRole('combobox', { name, exact: true });
    const options = (): Locator => frame.getByRole('listbox').getByRole('option');
    const marked = async (): Promise<string> => frame.locator('[role=option][aria-selected=true]').innerText();
    /** The line under a field. */
    const lineOf = (name: string): Locator => frame.locator('.ui-field', { has: field(name) }).locator('.found');
    const saved = async (): Promise<object> => (await AccountPage.open(account)).values();

    /** Opens the page of a new account. */
    async function open(refused: readonly string[] = []): Promise<void> {
      account = await connect('searching-carrier', 'en', refused);
      frame = await openInCrm(page, account);
    }

    it('is opened, moved in, chosen from and closed with keys', async () => {
      await open();
      const manager = field('Manager');
      await manager.focus();
      await page.keyboard.press('ArrowDown');
      await options().first().waitFor();
      expect([await manager.getAttribute('aria-expanded'), await options().count()]).toEqual(['true', 2]);
      const [first, second] = await options().allInnerTexts();
      expect(await marked()).toBe(first);
      await page.keyboard.press('ArrowDown');
      expect(await marked()).toBe(second);
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('ArrowUp');
      expect(await marked()).toBe((await options().allInnerTexts()).at(-1));
      expect(await manager.getAttribute('aria-activedescendant')).toBe(await options().last().getAttribute('id'));
      await page.keyboard.press('Escape');
      expect([await options().count(), await manager.inputValue(), await manager.getAttribute('aria-expanded')]).toEqual([0, '', 'false']);

      await page.keyboard.type('moreno');
      await options().getByText('Carlos Moreno').waitFor();
      expect(await options().count()).toBe(1);
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      expect([await manager.inputValue(), await lineOf('Manager').innerText()]).toEqual(['2', 'Carlos Moreno · carlos@shop.example.es']);
      // Enter chose, and sent nothing.
      expect(await statusOf(frame).innerText()).toBe('');

      await field('City').focus();
      await page.keyboard.type('mad');
      await options().first().waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Tab');
      expect(await field('City').inputValue()).toBe('cities/mad');
      expect(await hasFocus(field('City'))).toBe(false);
    });

    it('keeps what is typed, and shows what a stored value is called', async () => {
      await open();
      await field('City').focus();
      await page.keyboard.type('my own town');
      await options().first().waitFor();
      await page.keyboard.press('Tab');
      expect([await field('City').inputValue(), await options().count()]).toEqual(['my own town', 0]);
      await field('Manager').click();
      await options().getByText('Carlos Moreno').click();
      await frame.getByRole('button', { name: 'Add: Sites' }).click();
      await page.keyboard.type('mx');
      await options().first().waitFor();
      await page.keyboard.press('Enter');
      await frame.getByRole('button', { name: 'Add: Sites' }).click();
      await frame.getByRole('button', { name: 'Add: Sites' }).click();
      await page.keyboard.type('typed');
      await frame.getByText('No results. Your text is kept').waitFor();
      await frame.getByRole('button', { name: 'Add: Counters' }).click();
      await page.keyboard.type('lima');
      await options().first().waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await field('Clerk').click();
      await options().getByText('Carlos Moreno').click();
      const [address, key, secret] = await frame.locator('.settings-form input').all();
      await address?.fill(service.url);
      await key?.fill('any-key');
      await secret?.fill('a-strong-secret-of-it');
      expect(await press(frame, 'Save')).toBe('Saved. The module is being registered again.');
      expect(await saved()).toMatchObject({
        ...{ city: 'my own town', manager: 2, sites: ['mx', 'typed'] },
        counters: [{ town: 'cities/lima', clerk: 2 }],
      });

      frame = await openInCrm(page, account);
      await lineOf('Manager').getByText('Carlos Moreno').waitFor();
      await lineOf('Clerk').getByText('Carlos Moreno').waitFor();
      await lineOf('Sites 1').filter({ hasText: /\S/ }).waitFor();
      expect(await lineOf('Sites 2').isVisible()).toBe(false);
      expect(complaints).toEqual([]);
    });

    it('that is rejected leaves the field to be typed, and shows why in one line', async () => {
      await open(['user_read']);
      await field('Manager').focus();
      const reason = 'Could not load the list: The API key lacks the scope user_read to read this list. Type the id.';
      await lineOf('Manager').getByText(reason).waitFor();
      await page.keyboard.type('7');
      await page.keyboard.press('Tab');
      expect([await field('Manager').inputValue(), await lineOf('Manager').innerText(), await options().count()]).toEqual(['7', reason, 0]);

      await field('City').focus();
      await page.keyboard.type('refused');
      await lineOf('City').getByText('Could not load the list: The carrier does not accept the API key.').waitFor();
      await field('City').fill('many');
      await options().first().waitFor();
      expect([await options().count(), await lineOf('City').innerText()]).toEqual([50, 'There are more. Type part of the name']);
    });

    it('fits on a phone', async () => {
      await open();
      await page.setViewportSize({ width: 390, height: 800 });
      await frame.getByRole('button', { name: 'Add: Counters' }).click();
      for (const name of ['City', 'Manager', 'Town', 'Clerk']) {
        await field(name).click();
        await options().first().waitFor();
        const [widest, right] = await frame.evaluate<[number, number]>(
          `[document.documentElement.scrollWidth, document.querySelector('[role=listbox]:not([hidden])').getBoundingClientRect().right]`,
        );
        expect([name, widest]).toEqual([name, 390]);
        expect(right).toBeLessThanOrEqual(390);
        await page.keyboard.press('Escape');
      }
      await page.setViewportSize({ width: 1000, height: 800 });
    });
  });
});
