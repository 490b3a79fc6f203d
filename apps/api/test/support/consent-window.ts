import type { AccountPage } from './account-page.js';
import type { Reply } from './reply.js';

/** A page in the window. */
interface Shown {
  status: number;
  text: string;
  headers: Headers;
}

/** The window in which a user consents at a service, without a browser. */
export class ConsentWindow {
  /** The cookie that the browser has. */
  private cookie = '';
  /** The address of the service's page, and then of the return. */
  private address = '';

  private constructor(
    private readonly page: AccountPage,
    private readonly id: string,
    private readonly url: string,
  ) {}

  /** Starts an attempt on the account page. */
  static async open(page: AccountPage): Promise<ConsentWindow> {
    const { id, url } = (await page.call('POST', 'consent')).json as { id: string; url: string };
    return new ConsentWindow(page, id, url);
  }

  /** Ticket, state, code and cookie. */
  get secrets(): string[] {
    const { searchParams } = new URL(this.address);
    const [, cookie = ''] = this.cookie.split('=');
    return [this.url.split('/').at(-1) ?? '', searchParams.get('state') ?? '', searchParams.get('code') ?? '', cookie];
  }

  show(): Promise<Shown> {
    return get(this.url);
  }

  /** Calls the link to the service as programs do that preview it. */
  async preview(): Promise<number> {
    return (await fetch(`${this.url}/go`, { method: 'HEAD', redirect: 'manual' })).status;
  }

  /** Follows the page's link to the service. */
  async leave(): Promise<{ status: number; cookie: string }> {
    const { text } = await this.show();
    const href = /class="go" href="([^"]+)"/.exec(text)?.[1] ?? '';
    const { status, headers } = await get(new URL(href, this.url).href);
    const cookie = headers.get('set-cookie') ?? '';
    this.cookie = cookie.split(';')[0] ?? '';
    this.address = headers.get('location') ?? '';
    return { status, cookie };
  }

  /** Chooses an account on the service's page, or `decline`. */
  async choose(account: string): Promise<void> {
    const reply = await fetch(this.address, { method: 'POST', body: new URLSearchParams({ way: account }), redirect: 'manual' });
    this.address = reply.headers.get('location') ?? '';
  }

  /** Returns from the service. */
  arrive({ cookie = this.cookie } = {}): Promise<Shown> {
    return get(this.address, cookie);
  }

  async progress(): Promise<unknown> {
    return (await this.page.call('GET', `consent/${this.id}`)).json;
  }

  /** Chooses between the present account and the other one. */
  decide(accept: boolean): Promise<Reply> {
    return this.page.call('POST', `consent/${this.id}`, { accept });
  }
}

async function get(url: string, cookie = ''): Promise<Shown> {
  const headers = { accept: 'text/html', ...(cookie && { cookie }) };
  const reply = await fetch(url, { redirect: 'manual', headers });
  return { status: reply.status, text: await reply.text(), headers: reply.headers };
}
