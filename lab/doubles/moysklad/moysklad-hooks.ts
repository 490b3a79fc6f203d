import { randomUUID } from 'node:crypto';
import type { MoySkladAccount, MoySkladUser } from './moysklad-account.js';
import type { MoySkladHook } from './moysklad-objects.js';
import { readObject } from './moysklad-orders.js';
import { MoySkladRefusal, wrong } from './moysklad-refusal.js';
import { HOOK_FIELDS } from './moysklad-wire.js';

type Family = MoySkladHook['family'];

const ENTITY_TYPES = ['customerorder', 'demand', 'product', 'variant', 'bundle', 'service', 'store', 'counterparty', 'organization'];
const VALUES: Readonly<Record<Family, Readonly<Record<string, readonly string[]>>>> = {
  webhook: { action: ['CREATE', 'UPDATE', 'DELETE', 'PROCESSED'], entityType: ENTITY_TYPES, diffType: ['NONE', 'FIELDS'] },
  webhookstock: { stockType: ['stock'], reportType: ['bystore', 'all'] },
};
const REQUIRED: Readonly<Record<Family, readonly string[]>> = {
  webhook: ['url', 'action', 'entityType'],
  webhookstock: ['url', 'stockType', 'reportType'],
};
/** Addresses of one kind: of all users together, and of one app. */
const MOST_OF_USERS = 5;
const MOST_OF_APP = 1;

/** Subscriptions as a client makes and changes them. Throws MoySkladRefusal. */
export class MoySkladHooks {
  constructor(
    private readonly account: MoySkladAccount,
    private readonly user: MoySkladUser,
    private readonly family: Family,
  ) {}

  list(): MoySkladHook[] {
    this.check();
    return [...this.account.hooks.values()].filter(({ family }) => family === this.family);
  }

  find(id: string): MoySkladHook {
    const found = this.list().find((one) => one.id === id);
    if (!found) throw new MoySkladRefusal(1021);
    return found;
  }

  create(body: unknown): MoySkladHook {
    this.check();
    const { app } = this.user;
    const fresh: MoySkladHook = {
      ...{ id: randomUUID(), family: this.family, url: '', enabled: true, failedDays: new Set<number>() },
      ...(app !== undefined && { app }),
    };
    const hook = this.fill(fresh, body);
    const missing = REQUIRED[this.family].find((name) => !hook[name as keyof MoySkladHook]);
    if (missing !== undefined) throw new MoySkladRefusal(3000, missing);
    this.keep(hook);
    return hook;
  }

  update(id: string, body: unknown): MoySkladHook {
    const hook = this.fill(this.find(id), body);
    this.keep(hook);
    return hook;
  }

  remove(id: string): void {
    this.account.hooks.delete(this.find(id).id);
  }

  private check(): void {
    this.user.need('ownWebhooks');
    if (this.account.tariff === 'free') throw new MoySkladRefusal(30006);
  }

  private keep(hook: MoySkladHook): void {
    const alike = this.list().filter((one) => one.id !== hook.id && toPair(one) === toPair(hook));
    if (alike.some(({ url }) => url === hook.url)) throw new MoySkladRefusal(30003);
    const most = hook.app === undefined ? MOST_OF_USERS : MOST_OF_APP;
    if (alike.filter(({ app }) => app === hook.app).length >= most) throw new MoySkladRefusal(30007);
    this.account.hooks.set(hook.id, hook);
  }

  private fill(before: MoySkladHook, body: unknown): MoySkladHook {
    const values = VALUES[this.family];
    const given = readObject(body, HOOK_FIELDS[this.family], '');
    const hook: MoySkladHook = { ...before };
    for (const [name, allowed] of Object.entries(values)) {
      if (given[name] === undefined) continue;
      if (!allowed.includes(given[name] as string)) throw new MoySkladRefusal(3005, name);
      Object.assign(hook, { [name]: given[name] });
    }
    const { url = hook.url, enabled = hook.enabled } = given;
    if (typeof url !== 'string' || (given['url'] !== undefined && !/^https?:\/\/[^\s]+$/.test(url)))
      throw wrong('url is an address', 'url');
    if (url.length > 255) throw new MoySkladRefusal(30010, 'url');
    if (typeof enabled !== 'boolean') throw wrong('enabled is true or false', 'enabled');
    // Switched on again, it starts counting from zero.
    const failedDays = enabled && !before.enabled ? new Set<number>() : before.failedDays;
    return { ...hook, url, enabled, failedDays };
  }
}

function toPair({ action, entityType, stockType, reportType }: MoySkladHook): string {
  return `${action ?? stockType} ${entityType ?? reportType}`;
}
