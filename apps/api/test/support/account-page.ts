import { type Account, postForm } from './account.js';
import { type Reply, readReply } from './reply.js';

/** The data that the page receives at its start. */
interface Start {
  token: string;
  notices: string[];
  parts: { notices: string[] }[];
}

/** The account page of a connection, as far as its settings API goes. */
export class AccountPage {
  private constructor(
    private readonly account: Account,
    /** The token that gives the page access. */
    readonly token: string,
    /** The notices about problems that the shop can fix. */
    readonly notices: readonly string[],
  ) {}

  /** Opens the page as the CRM does. */
  static async open(account: Account): Promise<AccountPage> {
    const page = await postForm(`${account.host.url}/${account.module}/account`, `clientId=${account.clientId}`);
    const html = page.bytes.toString();
    const start = JSON.parse(/<script type="application\/json" id="start">(.*)<\/script>/.exec(html)?.[1] ?? 'null') as Start | null;
    if (!start) throw new Error('the page has no start');
    return new AccountPage(account, start.token, [...start.notices, ...start.parts.flatMap(({ notices }) => notices)]);
  }

  /** `{schema, values}`. */
  read(token = this.token): Promise<Reply> {
    return this.send({ headers: { authorization: `Bearer ${token}` } });
  }

  /** Only the values. */
  async values<Values extends object>(): Promise<Values> {
    return ((await this.read()).json as { values: Values }).values;
  }

  /** Sends new values. A text is sent unchanged. */
  save(values: object | string): Promise<Reply> {
    return this.send({
      method: 'PUT',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: typeof values === 'string' ? values : JSON.stringify(values),
    });
  }

  /** Calls the page's API, below `/account/api/`. */
  async call(verb: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<Reply> {
    const headers = { authorization: `Bearer ${this.token}`, ...(body && { 'content-type': 'application/json' }) };
    const init = { method: verb, headers, ...(body && { body: JSON.stringify(body) }) };
    return readReply(await fetch(`${this.account.host.url}/${this.account.module}/account/api/${path}`, init));
  }

  private async send(init: RequestInit): Promise<Reply> {
    return readReply(await fetch(`${this.account.host.url}/${this.account.module}/account/api/settings`, init));
  }
}
