import { randomBytes } from 'node:crypto';
import { Double, Refusal, object, text, type WireCall } from '#testing';

const hook = object({ url: text(1) });
const WIRE = [
  { call: 'account', method: 'GET', path: '/account' },
  { call: 'list', method: 'GET', path: '/hooks' },
  { call: 'create', method: 'POST', path: '/hooks', body: hook, status: 201 },
  { call: 'move', method: 'PUT', path: '/hooks/:id', body: hook },
  { call: 'remove', method: 'DELETE', path: '/hooks/:id' },
] as const satisfies readonly WireCall[];
const MODES = {
  /** Only its user may set up webhooks. */
  isManual: false,
} as const;

/** A webhook that a caller set up. */
interface Hook {
  id: string;
  url: string;
}

/** A service with one place for a webhook in each account, whose secret is shown once, when it is made. */
export class HookService extends Double<typeof WIRE, { token: string }, typeof MODES> {
  readonly apiKey = 'right-key';
  /** The existing webhooks, including webhooks made by others. */
  readonly hooks: Hook[] = [];
  /** The secret of each hook that was ever made, by its id. */
  readonly secrets = new Map<string, string>();

  private constructor() {
    super({
      ...{ wire: WIRE, modes: MODES },
      findAccount: ({ headers }, accounts) => accounts.find(({ token }) => token === headers['x-api-key']),
    });
    this.accept(this.apiKey);
    this.serve({
      account: () => ({ name: 'Shop of Anna' }),
      list: () => ({ hooks: this.hooks }),
      create: ({ body: { url } }) => {
        if (this.modes.isManual) throw new Refusal(422, 'manual', 'only a user may do this');
        if (this.hooks.length > 0) throw new Refusal(409, 'taken', 'the place is taken');
        const made = { id: `hook-${this.secrets.size}`, url };
        const secret = randomBytes(8).toString('hex');
        this.hooks.push(made);
        this.secrets.set(made.id, secret);
        return { ...made, secret };
      },
      move: ({ id, body: { url } }) => Object.assign(this.find(id), { url }),
      remove: ({ id }) => {
        this.hooks.splice(this.hooks.indexOf(this.find(id)), 1);
        return {};
      },
    });
  }

  /** Starts one on a free port of this machine. */
  static start(): Promise<HookService> {
    return new HookService().listen();
  }

  /** How often a call was received, with one key or any. */
  count(call: (typeof WIRE)[number]['call'], key?: string): number {
    return this.calls.filter((one) => one.call === call && (key === undefined || this.accounts[one.by]?.token === key)).length;
  }

  /** Calls with this key are answered, too. */
  accept(key: string): void {
    this.accounts.push({ token: key });
  }

  /** Calls with this key are refused from now on. */
  revoke(key: string): void {
    this.accounts.splice(
      this.accounts.findIndex(({ token }) => token === key),
      1,
    );
  }

  /** Another program sets up its webhook. */
  occupy(url: string): void {
    this.hooks.push({ id: `other-${this.hooks.length}`, url });
  }

  protected override forget(): void {
    this.hooks.length = 0;
  }

  private find(id: string): Hook {
    const found = this.hooks.find((one) => one.id === id);
    if (!found) throw new Refusal(404, 'none', 'there is no such hook');
    return found;
  }
}
