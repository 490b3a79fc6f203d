import { channelLines, dialogueLines, errorText, messageLine, NO_GATEWAY } from '../cli/chat-output.js';
import { CommandError } from '../cli/control-client.js';
import data from '../data/demo.json' with { type: 'json' };
import { type JsonObject, asObject, asObjects, asText } from '../json.js';
import type { DemoRun } from './demo-run.js';

const { question: QUESTION, answer: ANSWER, order: ORDER } = data.dialogue;

/** Settings of the messengers' doubles, by module. */
const DOUBLES: { readonly [module: string]: JsonObject } = data.dialogue.doubles;

/** Milliseconds to wait for a channel. The module compares channels every ten seconds. */
const CHANNEL_PATIENCE = 30_000;

/** A chat and one of its messages. */
interface Heard {
  readonly dialogue: JsonObject;
  readonly message: JsonObject;
}

/**
 * The demo of a messenger: its channel at the message gateway, a customer's message that arrives, and a
 * manager's reply with its outcome. Without a gateway it explains how to start one.
 */
export class DialogueDemo {
  constructor(private readonly demo: DemoRun) {}

  /** Runs the demo. Returns lines for the summary. */
  async run(): Promise<string[]> {
    if ((await this.look())['gateway'] === null) {
      this.demo.title('No dialogue: the sandbox CRM has no message gateway');
      this.demo.lines(NO_GATEWAY);
      return ['no dialogue: no message gateway'];
    }
    await this.enterDouble();
    if (!(await this.findChannel())) return ['no dialogue: no channel'];
    const heard = await this.hear();
    if (!heard) return ['a channel, and no message of a customer'];
    await this.placeOrder(heard);
    return [await this.answer(heard)];
  }

  /** Enters the settings of a given double that is known, unless the module has settings. */
  private async enterDouble(): Promise<void> {
    const { module, messenger, operatorToken } = this.demo.options;
    const double = DOUBLES[module];
    if (messenger === undefined || operatorToken === undefined || double === undefined) return;
    const values = await this.demo.readSettings();
    const isEmpty = (name: string): boolean => [values[name] || []].flat().length === 0;
    if (Object.keys(double).every(isEmpty)) await this.demo.saveSettings(double);
  }

  /** The customer's order leads to their card, where the CRM knows them by their id at the messenger. */
  private async placeOrder({ dialogue }: Heard): Promise<void> {
    const { external_id: externalId, first_name: firstName, last_name: lastName } = asObject(dialogue['customer']);
    await this.demo.post('orders', { ...ORDER, firstName, lastName, customer: { externalId } });
  }

  /** Waits for a channel and shows it. Without one, shows the reason, and where to enter the settings. */
  private async findChannel(): Promise<boolean> {
    this.demo.title('The channel at the message gateway');
    const patience = Math.min(CHANNEL_PATIENCE, this.demo.options.wait);
    const active = await this.comes(patience, ({ channels }) => {
      const found = asObjects(channels).filter((one) => one['active'] === true);
      return found.length > 0 ? found : undefined;
    });
    if (active) {
      this.demo.lines(active.flatMap(channelLines));
      return true;
    }
    const why = (await this.findProblem()) ?? 'the module has made none';
    this.demo.problems.push(`after ${patience / 1000} s the module has no channel: ${why}`);
    const page = asText(asObject((await this.demo.client.get(this.demo.path))['connection'])['accountUrl']);
    this.demo.lines([
      `  there is none: ${why}`,
      `  The messenger must answer, and the module's settings lead to it: its account page is ${page ?? 'not known'}`,
      '  With a double of it (npm run double), these are the settings that the double prints.',
    ]);
    return false;
  }

  /** Returns a customer's message: the double's message, otherwise the newest, otherwise the next. */
  private async hear(): Promise<Heard | undefined> {
    const { messenger, wait } = this.demo.options;
    const before = listIncoming(await this.look());
    let known = new Set<unknown>();
    if (messenger !== undefined) {
      this.demo.title(`A customer writes at ${messenger}`);
      known = new Set(before.map(({ message }) => message['id']));
      if (!(await this.playCustomer(messenger))) return undefined;
    } else if (before.length > 0) this.demo.title("The customers' messages");
    else {
      this.demo.title('A customer writes');
      this.demo.lines([
        "  waiting for one: write to the shop's account in the messenger now",
        '  A double of the messenger writes by itself: demo --messenger http://127.0.0.1:4300, the address that it prints',
      ]);
    }
    const heard = await this.comes(wait, (found) => listIncoming(found).findLast(({ message }) => !known.has(message['id'])));
    if (heard) this.demo.lines(dialogueLines(heard.dialogue));
    else this.demo.problems.push(`after ${wait / 1000} s no message of a customer has come to the message gateway`);
    return heard;
  }

  /** Sends the webhook URL to the double, unless the module does, and lets its customer write. */
  private async playCustomer(messenger: string): Promise<boolean> {
    if (this.demo.options.operatorToken === undefined) {
      this.demo.problems.push("give --operator-token (or OPERATOR_TOKEN): the double is told the connection's address");
      return false;
    }
    const url = `${this.demo.moduleUrl}/webhooks/${(await this.demo.connectionId()) ?? ''}`;
    this.demo.line(`  it posts what happens to ${url}`);
    try {
      await tell(messenger, 'webhook-url', { url }, true);
      await tell(messenger, 'messages', QUESTION);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.demo.problems.push(error.message);
      return false;
    }
    return true;
  }

  private async answer({ dialogue, message }: Heard): Promise<string> {
    const chat = asText(dialogue['chat']);
    this.demo.title(`A manager answers in the chat ${chat ?? ''}`);
    let sent: JsonObject;
    try {
      sent = await this.demo.client.post(`${this.demo.path}/messages`, { chat, channel: dialogue['channel'], text: ANSWER });
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      this.demo.problems.push(error.message);
      return 'a message of a customer, and no answer';
    }
    this.demo.line(`  ${messageLine(sent)}`);
    const came = `a customer's message came as ${String(message['externalId'])}`;
    if (sent['status'] === 'sent' || sent['status'] === 'seen') return `${came}, the answer was sent as ${String(sent['externalId'])}`;
    const why = sent['error'] === null ? 'it has no outcome yet' : errorText(asObject(sent['error']));
    this.demo.problems.push(`the manager's message is ${String(sent['status'])}, ${why}`);
    return `${came}, the answer is ${String(sent['status'])}`;
  }

  /** Returns why the module made no channels, by its operator API. Undefined if the API gives no reason. */
  private async findProblem(): Promise<string | undefined> {
    if (this.demo.options.operatorToken === undefined) return undefined;
    const connection = await this.demo.connectionId();
    if (connection === undefined) return undefined;
    const view = (await this.demo.operator('GET', `/connections/${connection}/channels`)).json;
    return asText(view['problem']) ?? asObjects(view['items']).flatMap((one) => asText(one['problem']) ?? [])[0];
  }

  /** Repeats `find` until it returns a value. Undefined after this number of milliseconds. */
  private comes<T>(patience: number, find: (found: JsonObject) => T | undefined): Promise<T | undefined> {
    return this.demo.until(async () => find(await this.look()), patience);
  }

  private look(): Promise<JsonObject> {
    return this.demo.client.get(`${this.demo.path}/dialogues`);
  }
}

/** Lists customers' messages in the order of arrival. */
function listIncoming(found: JsonObject): Heard[] {
  return asObjects(found['dialogues'])
    .flatMap((dialogue) => asObjects(dialogue['messages']).map((message) => ({ dialogue, message })))
    .filter(({ message }) => message['direction'] === 'in')
    .sort((a, b) => Number(a.message['id']) - Number(b.message['id']));
}

/** Throws `CommandError` if the double is unavailable or rejects. `optional`: the path may be missing. */
async function tell(messenger: string, path: string, body: JsonObject, optional = false): Promise<void> {
  const url = `${messenger}/control/${path}`;
  const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }).catch(
    () => undefined,
  );
  if (!reply) throw new CommandError(`no double of a messenger answers at ${messenger}: start it with npm run double -- <code> --port ...`);
  if (!reply.ok && !(optional && reply.status === 404))
    throw new CommandError(`the double does not take POST ${url} (HTTP ${reply.status}): ${(await reply.text()).slice(0, 200)}`);
}
