import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { hand } from '../../../libs/testing/double/control.js';
import { Refusal } from '../../../libs/testing/double/refusal.js';
import { Answer, type DoubleOptions, type Input } from '../../../libs/testing/double/rules.js';
import { flag, object, oneOf, text, whole } from '../../../libs/testing/double/wire.js';
import { addTemplate, checkSent, checkTemplate, type SentTemplate } from './whatsapp-templates.js';
import { readUpload } from './whatsapp-upload.js';
import { makeWamid, MODES, WhatsAppPeople } from './whatsapp-people.js';
import type { WhatsAppBusiness, WhatsAppFile, WhatsAppKept, WhatsAppNumber, WhatsAppPerson } from './whatsapp-records.js';
import { WIRE } from './whatsapp-wire.js';

/** Options for starting a double of WhatsApp. */
export interface WhatsAppDoubleOptions extends DoubleOptions {
  /** The system user's token. By default a fixed one. */
  token?: string;
}

/** Seconds: the window for free texts, a person's time for a message, the life of a file's address. */
const [WINDOW_S, PAIR_S, ADDRESS_S] = [86_400, 6, 300];
const MIB = 1024 * 1024;
/** Types and most bytes of a file, by the type of its message. */
const FILES: Readonly<Record<string, { types: RegExp; bytes: number }>> = {
  image: { types: /^image\/(jpeg|png)$/, bytes: 5 * MIB },
  video: { types: /^video\/(mp4|3gpp)$/, bytes: 16 * MIB },
  audio: { types: /^audio\/(aac|amr|mpeg|mp4|ogg)$/, bytes: 16 * MIB },
  sticker: { types: /^image\/webp$/, bytes: 500 * 1024 },
  document: { types: /^[\w.+-]+\/[\w.+-]+$/, bytes: 100 * MIB },
};
const graph = (code: number, message: string, status = 400): Refusal => new Refusal(status, String(code), message);

/**
 * WhatsApp's Cloud API as far as a messenger's module needs it (README.md). Tests play people, Meta and time
 * by its methods or under `/control`.
 */
export class WhatsAppDouble extends WhatsAppPeople {
  private readonly addresses = new Map<string, { file: WhatsAppFile; madeAt: number }>();

  private constructor(token: string) {
    super({
      ...{ wire: WIRE, modes: MODES, bodyLimit: 128 * MIB, refusalStatus: 400 },
      unauthorized: graph(190, 'Invalid OAuth access token - Cannot parse access token', 401),
      failed: graph(131_016, 'Service unavailable', 500),
      tooMany: (seconds) => new Refusal(400, '130429', 'Rate limit hit', undefined, { 'retry-after': String(seconds) }),
      toWrong: ({ path, message }) => graph(100, `(#100) Invalid parameter: ${path} ${message}`),
      faults: { code: ({ code = '100', status = 400, message = 'planned' }) => new Refusal(status, code, message) },
      writeRefusal: ({ code, message, details }) => ({
        error: {
          ...{ message, type: 'OAuthException', code: Number(code) || 1, fbtrace_id: 'AXsgnV2Cm3ZMGF3dF_cfYIn' },
          ...(details !== undefined && { error_data: { messaging_product: 'whatsapp', details } }),
        },
      }),
      findAccount: ({ headers }, accounts) =>
        accounts.find(({ token }) => [`Bearer ${token}`, `OAuth ${token}`].includes(headers.authorization ?? '')),
      hooks: {
        attempts: 1_000,
        // As Meta writes them: the signature is over escaped characters.
        write: (body) =>
          JSON.stringify(body).replaceAll(/[\u007f-\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
        sign: ({ body, secret = '' }) => ({ 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }),
        laneOf: ({ about }) => (this.modes.keepsOrder ? String(about?.['person']) : undefined),
        isTaken: ({ status }) => status === 200,
      },
    });
    this.addBusiness(token);
    this.serve({
      readNode: (input) => this.readNode(input),
      listNumbers: ({ account, params }) => ({ data: this.own(account, params['node']).numbers }),
      listApps: ({ account, params }) => ({
        data: this.own(account, params['node']).apps.map(({ id, name, override }) => ({
          whatsapp_business_api_data: { id, name, link: `https://www.facebook.com/games/?app_id=${id}` },
          ...(override !== undefined && { override_callback_uri: override }),
        })),
      }),
      subscribe: ({ account, params, body }) => this.subscribe(this.own(account, params['node']), body ?? {}),
      unsubscribe: ({ account, params }) => {
        const business = this.own(account, params['node']);
        business.apps = business.apps.filter(({ id }) => id !== business.appId);
        return { success: true };
      },
      upload: async ({ account, params, body, request }) => {
        const number = this.ownNumber(account, params['node']);
        const { fields, name, mimeType, bytes } = await readUpload(body as Buffer, request.headers);
        if (fields.get('messaging_product') !== 'whatsapp') throw graph(100, '(#100) The parameter messaging_product is required.');
        if (bytes.length > 100 * MIB) throw graph(131_053, 'Media upload error');
        return { id: this.addFile({ bytes, mimeType, name, number: number.id }).id };
      },
      sendMessage: ({ account, params, body }) => this.takeMessage(account, this.ownNumber(account, params['node']), body as Sent),
      listTemplates: ({ account, params }) => ({ data: this.own(account, params['node']).templates }),
      createTemplate: ({ account, params, body }) => {
        const { id, status, category } = addTemplate(this.own(account, params['node']), body as never);
        return { id, status, category };
      },
      deleteTemplate: ({ account, params, query }) => {
        const business = this.own(account, params['node']);
        const left = business.templates.filter(({ id, name }) => name !== query['name'] || (query['hsm_id'] ?? id) !== id);
        if (left.length === business.templates.length) throw graph(100, 'Message template not found');
        business.templates = left;
        return { success: true };
      },
      startUpload: ({ account, params }) => {
        if (params['node'] !== account.appId) throw graph(100, 'Object does not exist');
        return { id: `upload:MTphdHRhY2htZW50${randomUUID()}` };
      },
      changeNode: ({ account, params: { node = '' }, body, request }) =>
        this.changeNode(account, node, body as Buffer, request.headers['file_offset']),
      downloadFile: ({ id }) => {
        const address = this.addresses.get(id);
        if (!address || this.now + this.passed - address.madeAt > ADDRESS_S) throw new Refusal(404, '0', 'Not found');
        return new Answer({ file: { type: address.file.mimeType, bytes: address.file.bytes } });
      },
    });
  }

  /** Starts one on this machine. Throws when the port is taken. */
  static start({ token = 'EAAdouble0token0of0the0system0user', ...options }: WhatsAppDoubleOptions = {}): Promise<WhatsAppDouble> {
    return new WhatsAppDouble(token).listen(options);
  }

  /** The settings to enter on the account page. */
  get settings(): { token: string; business: string; appId: string; appSecret: string } {
    const { token, id, appId, appSecret } = this.business;
    return { token, business: id, appId, appSecret };
  }

  override get settingsText(): string {
    const { token, business, appId, appSecret } = this.settings;
    return `token ${token}, business account ${business}, app id ${appId}, app secret ${appSecret}`;
  }

  override describe(): object {
    return {
      ...super.describe(),
      settings: this.settings,
      apps: this.business.apps,
      people: [...this.people.values()].map(showPerson),
    };
  }

  protected override listHands() {
    const person = { person: text(1) };
    const message = { message: text(1) };
    return {
      people: hand(object({ ...person, 'hidesPhone?': flag, 'username?': text() }), ({ person: whom, ...looks }) =>
        showPerson(Object.assign(this.findPerson(whom), looks)),
      ),
      messages: hand(object({ ...person, 'text?': text(), 'quote?': text() }), ({ person: whom, text: said = '', quote }) =>
        show(this.write(this.findPerson(whom), said, { quote })),
      ),
      react: hand(object({ ...person, ...message, 'emoji?': text() }), ({ person: whom, message: id, emoji }) =>
        this.react(this.findPerson(whom), id, emoji),
      ),
      read: hand(object(person), ({ person: whom }) => this.read(this.findPerson(whom))),
      status: hand(
        object({ ...message, status: oneOf('sent', 'delivered', 'read', 'failed'), 'code?': whole(1) }),
        ({ message: id, status, code }) => {
          const kept = this.messages.find((one) => one.id === id && one.by === 'business');
          if (!kept) throw new Refusal(404, 'no_message', `there is no message ${id} of a business`);
          this.settle(kept, status, code === undefined ? undefined : { code, title: `Error ${code}` });
        },
      ),
      block: hand(object({ ...person, 'blocked?': flag }), ({ person: whom, blocked = true }) =>
        this.block(this.findPerson(whom), blocked),
      ),
      steal: hand(object({ 'url?': text() }), ({ url }) => this.steal(url)),
    };
  }

  protected override listThings() {
    return {
      messages: ({ person, by }: Readonly<Record<string, string>>) =>
        this.messages
          .filter((kept) => (person === undefined || kept.person.phone === person) && (by === undefined || kept.by === by))
          .map(show),
    };
  }

  protected override listReferences(): readonly string[] {
    return this.sent().flatMap(({ trace }) => trace ?? []);
  }

  protected override listRecords(): readonly object[] {
    return this.messages;
  }

  protected override forget(): void {
    this.accounts.splice(1);
    Object.assign(this.business, { apps: [], templates: [] });
    for (const index of [this.people, this.files, this.addresses]) index.clear();
    this.messages.length = 0;
  }

  private own(account: WhatsAppBusiness, node = ''): WhatsAppBusiness {
    if (account.id === node) return account;
    throw graph(100, `Unsupported get request. Object with ID '${node}' does not exist, cannot be loaded due to missing permissions`);
  }

  private ownNumber(account: WhatsAppBusiness, node = ''): WhatsAppNumber {
    return account.numbers.find(({ id }) => id === node) ?? (this.own(account, `${node} `) as never);
  }

  private readNode({ account, params: { node = '' }, query }: Input<WhatsAppBusiness>): object {
    const file = this.files.get(node);
    if (!file) return { id: this.own(account, node).id, name: account.name };
    if (query['phone_number_id'] !== undefined && query['phone_number_id'] !== file.number) return this.own(account, `${node} `);
    const key = randomUUID();
    this.addresses.set(key, { file, madeAt: this.now + this.passed });
    const { id, mimeType, sha256, bytes } = file;
    const address = { url: `${this.url}/files/${key}`, mime_type: mimeType, sha256, file_size: String(bytes.length) };
    return { ...address, id, messaging_product: 'whatsapp' };
  }

  /** A sample file, or the new content of a template. */
  private changeNode(account: WhatsAppBusiness, node: string, body: Buffer, offset: unknown): object {
    if (node.startsWith('upload:')) {
      if (offset !== '0') throw graph(100, 'file_offset is required');
      return { h: `4::${createHash('md5').update(body).digest('base64')}` };
    }
    const found = account.templates.find(({ id }) => id === node);
    if (!found || !['APPROVED', 'REJECTED', 'PAUSED'].includes(found.status)) throw graph(100, 'The template cannot be edited');
    const content = JSON.parse(body.toString()) as Pick<typeof found, 'components'>;
    checkTemplate(content);
    Object.assign(found, content, { status: 'PENDING' });
    return { success: true };
  }

  /** An address is tried first, and only a subscribed app may have one. */
  private async subscribe(business: WhatsAppBusiness, { override_callback_uri: url, verify_token: token = '' }: Override): Promise<object> {
    const own = business.apps.find(({ id }) => id === business.appId);
    if (url === undefined) {
      if (own) own.override = undefined;
      else business.apps.push({ id: business.appId, name: 'App', override: undefined });
      return { success: true };
    }
    if (!own) throw graph(100, '(#100) Before override the current callback uri, your app must be subscribed to receive messages');
    if (this.modes.triesAddresses && !(await this.tryAddress(url, token))) throw graph(2_200, '(#2200) Callback verification failed');
    own.override = url;
    return { success: true };
  }

  /** Whether an address echoes a challenge. */
  async tryAddress(url: string, token: string): Promise<boolean> {
    const challenge = String(randomBytes(4).readUInt32BE());
    const query = new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.challenge': challenge, 'hub.verify_token': token });
    const echo = await fetch(`${url}?${query.toString()}`).then(
      async (reply) => (reply.status === 200 ? reply.text() : ''),
      () => '',
    );
    return echo === challenge;
  }

  private takeMessage(account: WhatsAppBusiness, number: WhatsAppNumber, given: Sent): object {
    if ('status' in given) {
      const about = this.messages.find(({ id, by }) => id === given.message_id && by === 'person');
      if (!about) throw graph(131_009, 'Parameter value is not valid');
      about.read = true;
      return { success: true };
    }
    const { to, recipient, type, context, biz_opaque_callback_data: trace } = given;
    const person = to === undefined ? [...this.people.values()].find(({ userId }) => userId === recipient) : this.people.get(to);
    const value = given[type] as Record<string, unknown>;
    if (type === 'template') checkSent(account, value as unknown as SentTemplate);
    else this.checkContent(number, type, value);
    const whom = person ?? this.addPerson({ phone: to ?? `none ${recipient}`, name: 'nobody' });
    this.checkPace(number, whom);
    if (type === 'reaction') {
      const about = this.messages.find(({ id }) => id === value['message_id']);
      if (!about) throw graph(131_009, 'Parameter value is not valid');
      about.reaction = String(value['emoji']) || undefined;
      return this.answer(given, makeWamid());
    }
    const file = this.files.get(String(value['id']));
    const kept = this.keep({
      number,
      person: whom,
      by: 'business',
      type,
      value,
      file,
      quote: context?.message_id,
      text: toText(value),
      trace,
    });
    // Meta answers first.
    this.later(1, () => this.judge(kept, person !== undefined));
    return this.answer(given, kept.id);
  }

  private answer({ to, recipient = '' }: SentMessage, id: string): object {
    const contact = to === undefined ? { input: recipient, user_id: recipient } : { input: to, wa_id: to };
    return { messaging_product: 'whatsapp', contacts: [contact], messages: [{ id }] };
  }

  /** Sends an accepted message, or lets it fail. */
  private judge(kept: WhatsAppKept, isKnown: boolean): void {
    if (!this.modes.settles) return;
    const { person, number, type } = kept;
    const last = this.messages.findLast((one) => one.by === 'person' && one.number === number && one.person.userId === person.userId);
    if (!isKnown || person.blocked.has(number)) return this.settle(kept, 'failed', { code: 131_026, title: 'Message undeliverable' });
    if (type !== 'template' && (!last || this.now - last.sentAt > WINDOW_S))
      return this.settle(kept, 'failed', { code: 131_047, title: 'Re-engagement message' });
    this.settle(kept, 'sent');
    this.settle(kept, 'delivered');
  }

  private checkContent(number: WhatsAppNumber, type: string, value: Record<string, unknown>): void {
    const rule = FILES[type];
    if (rule) {
      const file = this.files.get(String(value['id']));
      if (!file || file.number !== number.id) throw graph(131_009, 'Parameter value is not valid: the media id is unknown');
      if (!rule.types.test(file.mimeType) || file.bytes.length > rule.bytes)
        throw graph(131_053, `Media upload error: ${file.mimeType} is no ${type}`);
    }
    const { action } = value as { action?: { buttons?: { reply: { title: string; id: string } }[] } };
    const titles = action?.buttons?.map(({ reply }) => reply.title) ?? [];
    if (new Set(titles).size < titles.length) throw graph(131_009, 'Parameter value is not valid: button titles must be unique');
  }

  /** Too many messages of the number in a second, or to a person in six. */
  private checkPace({ id: number }: WhatsAppNumber, { userId }: WhatsAppPerson): void {
    const own = this.messages.filter((kept) => kept.by === 'business' && kept.number === number);
    const { messagesPerSecond: most, burst } = this.modes;
    if (most !== undefined && own.filter(({ sentAt }) => sentAt > this.now - 1).length >= most) throw graph(130_429, 'Rate limit hit');
    const toOne = own.filter(({ person, sentAt }) => person.userId === userId && sentAt > this.now - (burst ?? 0) * PAIR_S);
    if (burst !== undefined && toOne.length >= burst) throw graph(131_056, '(Business Account, Consumer Account) pair rate limit hit');
  }
}

interface Override {
  override_callback_uri?: string;
  verify_token?: string;
}

interface SentMessage {
  to?: string;
  recipient?: string;
  type: string;
  context?: { message_id: string };
  biz_opaque_callback_data?: string;
  [type: string]: unknown;
}
type Sent = SentMessage | { status: 'read'; message_id: string };

/** The words of a message's value for the person. */
function toText({ body, caption }: Record<string, unknown>): string {
  const words = typeof body === 'object' && body !== null ? (body as { text?: unknown }).text : body;
  return String(words ?? caption ?? '');
}

function showPerson({ blocked, ...person }: WhatsAppPerson): object {
  return { ...person, blocked: [...blocked] };
}

function show({ file, person, ...kept }: WhatsAppKept): object {
  return { ...kept, person: person.phone, ...(file && { size: file.bytes.length }) };
}
