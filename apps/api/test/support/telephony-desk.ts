import { AsteriskDouble } from '#testing';
import { Account } from './account.js';
import { CallDesk, EXTENSIONS } from './call-desk.js';
import type { Crm } from './crm.js';
import type { Deployment } from './deployment.js';
import { until } from './until.js';

/** An account with telephony: the calls that the CRM received and the PBX behind the module. */
export class TelephonyDesk extends CallDesk {
  connectionId = '';

  private constructor(
    crm: Crm,
    readonly pbx: AsteriskDouble,
    readonly account: Account,
    private readonly deployment: Deployment,
  ) {
    super(crm);
  }

  /** Connects the module and saves its PBX settings. Waits until it listens unless `listens` is false. */
  static async open(deployment: Deployment, crm: Crm, settings: object = {}, listens = true): Promise<TelephonyDesk> {
    const pbx = await AsteriskDouble.start();
    const desk = new TelephonyDesk(crm, pbx, await Account.connect(deployment, crm, 'asterisk'), deployment);
    const { items } = await deployment.operator<{ items: { id: string; systemUrl: string }[] }>('GET', '/connections?limit=500');
    desk.connectionId = items.find((one) => one.systemUrl === crm.url)?.id ?? '';
    await desk.set(settings);
    if (listens) await until('the PBX is listened to', () => pbx.listeners === 1);
    return desk;
  }

  /** Changes the connection's settings. */
  async set(settings: object): Promise<void> {
    const before = this.crm.registrations.length;
    await this.deployment.operator('PUT', `/connections/${this.connectionId}/settings`, {
      ...this.pbx.settings,
      extensions: EXTENSIONS,
      externalPhones: [{ siteCode: 'main', phone: '+74950000000' }],
      ...settings,
    });
    await until('it is registered anew', () => this.crm.registrations.length > before);
  }

  async close(): Promise<void> {
    await this.pbx.close();
  }
}
