import { basename } from 'node:path';
import { callLines } from '../cli/telephony-output.js';
import data from '../data/demo.json' with { type: 'json' };
import { type JsonObject, asList, asObject, asObjects, asText } from '../json.js';
import type { DemoRun } from './demo-run.js';

/** `customer` is a fictional number (555-0100 to 555-0199), because a real PBX may call it. */
const { customer: CUSTOMER, order: ORDER, phones: PHONES, pbx: DOUBLE, statuses: STATUSES } = data.telephony;

/** Settings of cloud PBXs whose doubles call and answer automatically, by module. */
const CLOUD_DOUBLES: { readonly [module: string]: JsonObject } = data.telephony.clouds;

/** Milliseconds to wait for the line to a PBX. */
const LINE_PATIENCE = 8_000;

/**
 * The telephony demo: managers' statuses, the module's page, and with Asterisk one call each way with its
 * record. Without a PBX it explains how to start one and expects the call to be rejected. A cloud PBX with a
 * known double is played like Asterisk. Any other PBX must make a call, if the module supports calls.
 */
export class TelephonyDemo {
  constructor(private readonly demo: DemoRun) {}

  /** Runs the demo. Returns lines for the summary. */
  async run(): Promise<string[]> {
    const cloud = await this.readCloud();
    if (cloud) return this.tryCloud(cloud);
    const why = await this.line();
    await this.statuses();
    await this.page();
    if (why !== undefined) return this.withoutPbx(why);
    return this.playCalls();
  }

  /** Returns settings of a PBX without a host setting, unlike Asterisk. Unknown without the operator API. */
  private async readCloud(): Promise<JsonObject | undefined> {
    if (this.demo.options.operatorToken === undefined || this.demo.options.pbx !== undefined) return undefined;
    const values = await this.demo.readSettings();
    return 'host' in values ? undefined : values;
  }

  private async tryCloud(values: JsonObject): Promise<string[]> {
    if (await this.hasDouble(values)) {
      await this.page();
      return this.playCalls('101');
    }
    if (this.configuration()['changeUserStatusUrl'] !== undefined) await this.statuses();
    await this.page();
    const [extension] = this.extensions();
    if (this.configuration()['makeCallUrl'] === undefined) this.demo.line('  the module makes no calls');
    else if (extension === undefined) this.demo.line('  no call: name extensions in the settings of the module');
    else {
      this.demo.title(`A call by the call button, to ${CUSTOMER}`);
      const outcome = await this.demo.callback('makeCall', { phone: CUSTOMER, code: asText(extension['code']) ?? '' }, true);
      this.demo.line(
        outcome['ok'] === true ? '  the PBX has taken it on' : `  the module says: ${String(outcome['refusal'] ?? outcome['failure'])}`,
      );
    }
    this.demo.line('  Calls that are played at the PBX are seen with: npm run sandbox -- calls');
    return [`${this.extensions().length} extensions`];
  }

  /** Whether the PBX is a known double. Enters its settings if they are missing. */
  private async hasDouble(values: JsonObject): Promise<boolean> {
    const { module } = this.demo.options;
    const double = CLOUD_DOUBLES[module];
    if (double === undefined) return false;
    const key = asText(values['key']) ?? '';
    if (key !== '') return key === double['key'];
    this.demo.title(`The settings of the double: npm run double -- ${module}`);
    const hint = `: start it with ${module.toUpperCase().replaceAll('-', '_')}_URL of the double`;
    if (!(await this.demo.saveSettings({ ...PHONES, ...double }, hint))) return false;
    const look = async (): Promise<true | undefined> => {
      await this.demo.refresh();
      return this.extensions().length > 0 ? true : undefined;
    };
    return (await this.demo.arrives(look, () => `the module did not take the double's settings${hint}`)) === true;
  }

  /** Plays a call each way with a PBX whose people call and answer. `code`: the caller's extension. */
  private async playCalls(code?: string): Promise<string[]> {
    const known = await this.demo.get(`orders?search=${encodeURIComponent(CUSTOMER)}`);
    if (asList(known['orders']).length === 0) await this.demo.post('orders', { ...ORDER, phone: CUSTOMER });
    const facts = [await this.callOut(code), await this.callIn()];
    return [facts.filter((fact) => fact !== undefined).join(', ') || 'no call'];
  }

  /** Adds the PBX to the module's settings if missing and waits for its line. Returns why there is none. */
  private async line(): Promise<string | undefined> {
    const { options } = this.demo;
    if (options.operatorToken === undefined)
      return "the demo has no --operator-token (or OPERATOR_TOKEN), by which it sets the PBX up in the module's settings";
    const connection = (await this.demo.connectionId()) ?? '';
    const values = await this.demo.readSettings();
    const host = asText(values['host']);
    const wanted = options.pbx ?? (host === undefined ? `${DOUBLE.host}:${DOUBLE.port}` : undefined);
    if (wanted !== undefined) {
      const [name = '', port] = wanted.split(/:(?=\d+$)/);
      const changed = {
        ...(host === undefined ? { ...DOUBLE, ...PHONES, recordingsFolder: options.recordings && basename(options.recordings) } : {}),
        host: name,
        ...(port === undefined ? {} : { port: Number(port) }),
      };
      if (!(await this.demo.saveSettings(changed))) return 'the module did not take its address';
    }
    const where = wanted ?? `${host ?? ''}:${String(values['port'])}`;
    this.demo.title(`The line to the PBX at ${where}`);
    let line: JsonObject | undefined;
    const look = async (): Promise<true | undefined> => {
      line = asObjects((await this.demo.operator('GET', '/telephony-lines')).json['items']).find((one) => one['connection'] === connection);
      await this.demo.refresh();
      return line?.['connected'] === true && this.extensions().length > 0 ? true : undefined;
    };
    if (!(await this.demo.until(look, Math.min(LINE_PATIENCE, options.wait))))
      return `none at ${where} (${asText(line?.['problem']) ?? 'the module has not reached it'})`;
    const extensions = this.extensions().map((row) => `${String(row['code'])} of user ${String(row['userId'])}`);
    this.demo.line(`  it is there; extensions ${extensions.join(', ')}`);
    return undefined;
  }

  private async statuses(): Promise<void> {
    this.demo.title("Managers' statuses are taken, also while the PBX is away");
    for (const { user, status } of STATUSES) {
      const outcome = await this.demo.callback('changeUserStatus', { user, status });
      if (outcome['ok'] === true) this.demo.line(`  user ${user} is ${status}`);
    }
  }

  private async page(): Promise<void> {
    const outcome = await this.demo.callback('personalAccount', {});
    const title = /<title>([^<]*)/i.exec(asText(outcome['html']) ?? '')?.[1];
    if (outcome['ok'] === true) this.demo.line(`  the module's page opens: ${title ?? 'without a title'}`);
  }

  private async withoutPbx(why: string): Promise<string[]> {
    this.demo.title(`No call: there is no PBX to make it, ${why}`);
    const call = { phone: CUSTOMER, code: '101' };
    const reason = await this.demo.refusal('makeCall', call, 'the module said that it called, without a PBX');
    if (reason !== undefined) this.demo.line(`  the call button says so: ${reason}`);
    this.demo.lines([
      '  To see calls, start a PBX that is played, and run this again:',
      `    npm run double -- asterisk --port ${DOUBLE.port} --recordings ${this.demo.options.recordings ?? '.data/recordings/demo'}`,
      "  With a PBX of your own, fill in the module's settings first (its account page, or the operator API).",
    ]);
    return ['no call: no PBX'];
  }

  private async callOut(code?: string): Promise<string | undefined> {
    this.demo.title(`A call by the call button, to ${CUSTOMER}`);
    const known = new Set((await this.stories()).map((story) => story['externalId']));
    const outcome = await this.demo.callback('makeCall', { phone: CUSTOMER, ...(code !== undefined && { code }) });
    if (outcome['ok'] !== true) return undefined;
    const story = await this.comes((one) => asObject(one['call'])['type'] === 'out' && !known.has(one['externalId']), 'the call out');
    if (!story) return undefined;
    this.expectEvents(story, 'out');
    await this.playRecord(story);
    return 'a call out';
  }

  private async callIn(): Promise<string | undefined> {
    this.demo.title('A customer calls');
    const known = new Set((await this.stories()).flatMap((story) => (story['call'] === undefined ? [] : [story['externalId']])));
    this.demo.line('  waiting for one (the double makes one every 20 s; at a PBX of your own, call it now)');
    const story = await this.comes((one) => asObject(one['call'])['type'] === 'in' && !known.has(one['externalId']), 'a call in');
    if (!story) return undefined;
    this.expectEvents(story, 'in');
    return 'a call in';
  }

  /** Checks that each call sends its start and its end, in this order, with the same id. */
  private expectEvents(story: JsonObject, type: 'in' | 'out'): void {
    const events = asObjects(story['timeline']).filter((event) => event['what'] === 'event');
    const types = events.map((event) => String(event['type']));
    if (types[0] !== type || types.at(-1) !== 'hangup')
      this.demo.problems.push(
        `call ${String(story['externalId'])}: it was told ${types.join(', ') || 'nothing'}, not ${type}, ..., hangup`,
      );
    const uploads = asList(story['timeline']).filter((event) => asObject(event)['what'] === 'upload').length;
    if (uploads !== 1) this.demo.problems.push(`call ${String(story['externalId'])} was uploaded ${uploads} times`);
  }

  private async playRecord(story: JsonObject): Promise<void> {
    const call = asText(story['externalId']);
    if (asObject(story['call'])['recordUrl'] === undefined) {
      this.demo.line('  it was not recorded (the double does, with --recordings)');
      return;
    }
    const whole = await this.demo.callback('record', { call });
    const part = await this.demo.callback('record', { call, range: 'bytes=0-43' });
    if (whole['ok'] === true)
      this.demo.line(
        `  its record: ${String(whole['bytes'])} bytes of ${String(whole['type'])}; a part of it: HTTP ${String(part['status'])}, ${String(part['bytes'])} bytes`,
      );
  }

  /**
   * Waits until the module has reported and uploaded such a call. Otherwise notes a problem and returns
   * undefined.
   */
  private async comes(is: (story: JsonObject) => boolean, what: string): Promise<JsonObject | undefined> {
    const look = async (): Promise<JsonObject | undefined> =>
      (await this.stories()).find((one) => is(one) && asObjects(one['timeline']).some((event) => event['type'] === 'hangup'));
    const story = await this.demo.arrives(look, () => `${this.demo.after} the module has not told of ${what}`);
    if (story) this.demo.lines(callLines(story));
    return story;
  }

  private async stories(): Promise<JsonObject[]> {
    return asObjects((await this.demo.get('calls'))['calls']);
  }

  private configuration(): JsonObject {
    return this.demo.integration('telephony') ?? {};
  }

  private extensions(): JsonObject[] {
    return asObjects(this.configuration()['additionalCodes']);
  }
}
