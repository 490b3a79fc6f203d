import { createHash, randomBytes } from 'node:crypto';
import { Double } from '../../../libs/testing/double/double.js';
import { maybe } from '../../../libs/testing/double/modes.js';
import { whole } from '../../../libs/testing/double/wire.js';
import type { WhatsAppBusiness, WhatsAppContent, WhatsAppFile, WhatsAppKept, WhatsAppNumber, WhatsAppPerson } from './whatsapp-records.js';
import type { WIRE } from './whatsapp-wire.js';

export const MODES = {
  /** Whether a message is automatically sent and delivered. Otherwise by `settle`. */
  settles: true,
  /** Messages of a number per second. */
  messagesPerSecond: maybe(whole(1), 80),
  /** Messages to one person without a pause. Every six seconds there may be one more. */
  burst: maybe(whole(1), 45),
  /** Whether events of one person are posted one after the other. Meta promises no order. */
  keepsOrder: true,
  /** Whether an address for events is tried before it is accepted. */
  triesAddresses: true,
  /** Whether phone numbers are sent with events, for people who do not hide theirs. */
  showsPhones: true,
} as const;

/** A fault of the service: one of Meta's codes. */
export type WhatsAppOwnFault = 'code';

/** How a person writes. `more`: members of the message, such as `referral`. */
interface Writing {
  number?: WhatsAppNumber;
  quote?: string | undefined;
  more?: object;
}

/** Makes an id of a message. */
export const makeWamid = (): string => `wamid.${randomBytes(42).toString('base64')}`;

/** The people with WhatsApp, Meta's accounts of businesses, and the events about both. */
export abstract class WhatsAppPeople extends Double<typeof WIRE, WhatsAppBusiness, typeof MODES, WhatsAppOwnFault> {
  readonly people = new Map<string, WhatsAppPerson>();
  /** Every message of both sides, in order. */
  readonly messages: WhatsAppKept[] = [];
  protected readonly files = new Map<string, WhatsAppFile>();

  /** The first business account. */
  get business(): WhatsAppBusiness {
    return this.accounts[0] as WhatsAppBusiness;
  }

  /** Its first number. */
  get number(): WhatsAppNumber {
    return this.business.numbers[0] as WhatsAppNumber;
  }

  /** Adds a business account with one number, and the app of its token. */
  addBusiness(token: string): WhatsAppBusiness {
    const n = this.accounts.length;
    const business: WhatsAppBusiness = {
      ...{
        id: `10229012934039${n}`,
        name: `Double Shop ${n + 1}`,
        token,
        appId: `67084388743384${n}`,
        apps: [],
        numbers: [],
        templates: [],
      },
      appSecret: createHash('md5').update(`app secret ${n}`).digest('hex'),
    };
    this.accounts.push(business);
    this.addNumber(business);
    return business;
  }

  /** Adds a number to a business account. */
  addNumber(business = this.business): WhatsAppNumber {
    const n = this.accounts.reduce((sum, { numbers }) => sum + numbers.length, 0);
    const number = {
      ...{ id: `10654035224292${n}`, display_phone_number: `+1 555-078-${3_880 + n}`, verified_name: `Double Shop`, status: 'CONNECTED' },
      ...{ quality_rating: 'GREEN', code_verification_status: 'VERIFIED', messaging_limit_tier: 'TIER_1K' },
    };
    business.numbers.push(number);
    return number;
  }

  /** Adds a person. */
  addPerson(given: Partial<Omit<WhatsAppPerson, 'blocked'>> = {}): WhatsAppPerson {
    const phone = given.phone ?? `3460011${1_000 + this.people.size}`;
    const person = {
      ...{ userId: `ES.${1_349_120_865_530_274 + this.people.size}`, name: `Person ${this.people.size + 1}`, username: undefined },
      ...{ hidesPhone: false, ...given, phone, blocked: new Set<string>() },
    };
    this.people.set(phone, person);
    return person;
  }

  /** A person writes to a number. */
  write(person: WhatsAppPerson, content: WhatsAppContent | string, { number = this.number, quote, more = {} }: Writing = {}): WhatsAppKept {
    const given: WhatsAppContent = typeof content === 'string' ? { kind: 'text', text: content } : content;
    const { type, value, file } = this.toValue(given, number);
    const shown = given.kind === 'text' ? given.text : 'caption' in given ? (given.caption ?? '') : '';
    const kept = this.keep({ number, person, by: 'person', type, value, file, quote, text: shown, trace: undefined });
    const context = quote === undefined ? {} : { context: { from: number.display_phone_number.replaceAll(/\D/g, ''), id: quote } };
    this.tellMessage(person, number, { ...this.from(person), id: kept.id, timestamp: this.stamp(), type, ...context, ...value, ...more });
    return kept;
  }

  /** A person reacts to a message, or takes the reaction back. */
  react(person: WhatsAppPerson, message: string, emoji = '', number = this.number): void {
    const reaction = { message_id: message, ...(emoji !== '' && { emoji }) };
    this.tellMessage(person, number, { ...this.from(person), id: makeWamid(), timestamp: this.stamp(), type: 'reaction', reaction });
  }

  /** A person gets another phone number. */
  changeNumber(person: WhatsAppPerson, phone: string, number = this.number): WhatsAppPerson {
    const changed = { ...person, phone };
    this.people.set(phone, changed);
    const body = `User ${person.name} changed from ${person.phone} to ${phone}`;
    const system = { body, wa_id: phone, user_id: person.userId, type: 'user_changed_number' };
    this.tellMessage(person, number, { ...this.from(person), id: makeWamid(), timestamp: this.stamp(), type: 'system', system }, []);
    return changed;
  }

  /** A message of the business becomes sent, delivered, read or failed. */
  settle(kept: WhatsAppKept, status: 'sent' | 'delivered' | 'read' | 'failed', error?: { code: number; title: string }): void {
    kept.statuses.push(status);
    const { person, trace: data } = kept;
    const about = this.shows(person) ? { recipient_id: person.phone } : {};
    const failure = error && {
      errors: [{ ...error, message: error.title, error_data: { details: `${error.title}.` }, href: 'https://developers.facebook.com/' }],
    };
    const value = {
      ...{ id: kept.id, status, timestamp: this.stamp(), ...about, recipient_user_id: person.userId, ...failure },
      ...(data !== undefined && { biz_opaque_callback_data: data }),
    };
    this.tellChange(kept.number, person, `status ${status}`, { statuses: [value] });
  }

  /** A person reads the messages of a number. */
  read(person: WhatsAppPerson): void {
    for (const kept of this.sent(person))
      if (!kept.statuses.includes('read') && !kept.statuses.includes('failed')) this.settle(kept, 'read');
  }

  /** The messages of businesses to a person, or to all, in order. */
  sent(person?: WhatsAppPerson): WhatsAppKept[] {
    return this.messages.filter((kept) => kept.by === 'business' && (person === undefined || kept.person.userId === person.userId));
  }

  /** Posts any change to the business account's address. */
  postChange(field: string, value: object, business = this.business): void {
    this.post(business, field, 'business', { field, value });
  }

  /** Another program takes the address of the app. */
  steal(url = 'https://other.example/hook', business = this.business): void {
    business.apps = [{ id: business.appId, name: 'App', override: url }];
  }

  /** Finds a person by phone, or adds one by this name. */
  findPerson(whom: string): WhatsAppPerson {
    const known = this.people.get(whom) ?? [...this.people.values()].find(({ name, userId }) => name === whom || userId === whom);
    return known ?? this.addPerson({ name: whom });
  }

  /** A person blocks a number, or no longer. Meta does not report it: messages fail. */
  block(person: WhatsAppPerson, blocked = true, number = this.number): void {
    if (blocked) person.blocked.add(number.id);
    else person.blocked.delete(number.id);
  }

  private toValue(
    given: WhatsAppContent,
    number: WhatsAppNumber,
  ): { type: string; value: Record<string, unknown>; file: WhatsAppFile | undefined } {
    if (given.kind === 'raw') return { type: given.type, value: { ...given.value }, file: undefined };
    if (given.kind === 'text') return { type: 'text', value: { text: { body: given.text } }, file: undefined };
    const { kind, bytes, mimeType, name, caption } = given;
    const file = this.addFile({ bytes, mimeType, name, number: number.id });
    const media = {
      ...{
        id: file.id,
        mime_type: mimeType,
        sha256: file.sha256,
        url: `https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=${file.id}`,
      },
      ...{ ...(name && kind === 'document' && { filename: name }), ...(caption && { caption }), ...(kind === 'audio' && { voice: true }) },
    };
    return { type: kind, value: { [kind]: media }, file };
  }

  protected addFile({ bytes, ...about }: Omit<WhatsAppFile, 'id' | 'sha256'>): WhatsAppFile {
    const id = String(1_003_383_421_387_256 + this.files.size);
    const file = { id, ...about, bytes, sha256: createHash('sha256').update(bytes).digest('base64') };
    this.files.set(id, file);
    return file;
  }

  protected keep({
    number,
    ...message
  }: Omit<WhatsAppKept, 'id' | 'number' | 'statuses' | 'reaction' | 'read' | 'sentAt'> & { number: WhatsAppNumber }): WhatsAppKept {
    const kept = { ...message, id: makeWamid(), number: number.id, statuses: [], reaction: undefined, read: false, sentAt: this.now };
    this.messages.push(kept);
    return kept;
  }

  private shows({ hidesPhone }: WhatsAppPerson): boolean {
    return this.modes.showsPhones && !hidesPhone;
  }

  private from(person: WhatsAppPerson): object {
    return { ...(this.shows(person) && { from: person.phone }), from_user_id: person.userId };
  }

  private stamp(): string {
    return String(Math.floor(this.now));
  }

  private tellMessage(person: WhatsAppPerson, { id }: WhatsAppNumber, message: object, contacts?: object[]): void {
    const { name, username, userId, phone } = person;
    const profile = { name, ...(username !== undefined && { username }) };
    const known = contacts ?? [{ profile, ...(this.shows(person) && { wa_id: phone }), user_id: userId }];
    this.tellChange(id, person, 'message', { ...(known.length > 0 && { contacts: known }), messages: [message] });
  }

  private tellChange(number: string, { userId }: WhatsAppPerson, action: string, value: object): void {
    const business = this.accounts.find(({ numbers }) => numbers.some(({ id }) => id === number));
    const display = business?.numbers.find(({ id }) => id === number)?.display_phone_number.replaceAll(/\D/g, '');
    const metadata = { display_phone_number: display, phone_number_id: number };
    if (business) this.post(business, action, userId, { value: { messaging_product: 'whatsapp', metadata, ...value }, field: 'messages' });
  }

  private post(business: WhatsAppBusiness, action: string, person: string, change: object): void {
    const url = business.apps.find(({ id }) => id === business.appId)?.override;
    const body = { object: 'whatsapp_business_account', entry: [{ id: business.id, changes: [change] }] };
    this.tell({ action, body, url: url ?? '', secret: business.appSecret, about: { person } });
  }
}
