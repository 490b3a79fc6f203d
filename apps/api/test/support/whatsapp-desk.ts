import { MessageGateway, WhatsAppDouble, type WhatsAppKept, type WhatsAppPerson } from '#testing';
import { Account } from './account.js';
import { Crm } from './crm.js';
import { Deployment } from './deployment.js';
import { until } from './until.js';

/** Code of the module. */
export const MODULE = 'whatsapp';

type GatewayMessage = ReturnType<MessageGateway['message']>;
type ManagerMessage = Parameters<MessageGateway['sendMessage']>[0];

/** A shop's managers at the message gateway, its number at WhatsApp, and the account that connects both. */
export class WhatsAppDesk {
  private constructor(
    readonly deployment: Deployment,
    readonly crm: Crm,
    readonly gateway: MessageGateway,
    readonly whatsapp: WhatsAppDouble,
    /** Id of the connection. */
    readonly connection: string,
  ) {}

  /** Starts all with one number. `variables`: of the deployment. */
  static async start(variables: Record<string, string> = {}): Promise<WhatsAppDesk> {
    const [gateway, whatsapp] = await Promise.all([MessageGateway.start(), WhatsAppDouble.start()]);
    const crm = await Crm.start({ chatGateway: gateway.url });
    const deployment = await Deployment.start({ crms: [crm], variables: { WHATSAPP_URL: whatsapp.url, LOG_LEVEL: 'debug', ...variables } });
    await Account.connect(deployment, crm, MODULE);
    const { id } = await deployment.getConnection(crm);
    const desk = new WhatsAppDesk(deployment, crm, gateway, whatsapp, id);
    const saved = await deployment.askOperator('PUT', `/connections/${id}/settings`, whatsapp.settings);
    if (saved.status !== 200) throw new Error(`the settings were not saved: ${saved.status} ${saved.bytes.toString()}`);
    await until('the channel is there', () => desk.channel() > 0, 60_000);
    await until('the address is set', () => whatsapp.business.apps[0]?.override !== undefined, 60_000);
    return desk;
  }

  async close(): Promise<void> {
    await this.deployment.stop();
    await Promise.all([this.crm.close(), this.gateway.close(), this.whatsapp.close()]);
  }

  /** The gateway's id of the number's active channel, or 0. */
  channel(number = this.whatsapp.number): number {
    return this.gateway.channels(`default/${MODULE}`).find(({ active, external_id: id }) => active && id === number.id)?.id ?? 0;
  }

  /** A manager writes to a person who has written. `chat`: their chat, by default their phone. */
  send(person: WhatsAppPerson, content: string | undefined, more: Partial<ManagerMessage> = {}): GatewayMessage {
    return this.gateway.sendMessage({
      ...{ channel: this.channel(), chat: person.phone, ...(content !== undefined && { content }) },
      ...more,
    });
  }

  /** Waits for a message's outcome at the gateway. */
  async settled({ id }: GatewayMessage, patienceMs = 60_000): Promise<GatewayMessage> {
    await until(`message ${id} has its outcome`, () => this.gateway.message(id).status !== 'sending', patienceMs);
    return this.gateway.message(id);
  }

  /** A manager writes. Waits until the message is sent, and throws if it is not. */
  async sent(person: WhatsAppPerson, content: string | undefined, more: Partial<ManagerMessage> = {}): Promise<GatewayMessage> {
    const message = await this.settled(this.send(person, content, more));
    if (message.status === 'failed') throw new Error(`message ${message.id} is ${message.status}: ${JSON.stringify(message.error)}`);
    return message;
  }

  /** The messages of customers as managers see them, in order. `chat`: the person's, by default the phone. */
  seen({ phone }: WhatsAppPerson, chat = phone): GatewayMessage[] {
    return this.gateway.messages(chat).filter(({ direction }) => direction === 'in');
  }

  /** Waits until managers see a message, and returns it. */
  arrived({ id }: WhatsAppKept, patienceMs = 30_000): Promise<GatewayMessage> {
    return until(`${id} is there`, () => this.gateway.messages().find(({ externalId }) => externalId === id), patienceMs);
  }

  /** Texts that a person received, in order. */
  texts(person: WhatsAppPerson): string[] {
    return this.whatsapp.sent(person).map(({ text }) => text);
  }
}
