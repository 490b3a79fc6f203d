import { setTimeout as delay } from 'node:timers/promises';
import { CommandError, type ControlClient } from '../cli/control-client.js';
import { OperatorClient } from '../cli/operator-client.js';
import { EXIT, outcomeLines } from '../cli/output.js';
import { type JsonObject, asList, asNumber, asObject, asObjects, asText, parseJson } from '../json.js';

/** Options of the demo. */
export interface DemoOptions {
  /** The module's code. */
  readonly module: string;
  /** Default: the address that the sandbox knows. */
  readonly moduleUrl?: string | undefined;
  /** Default: the sandbox's own. */
  readonly secret?: string | undefined;
  /**
   * Bearer token of the module's operator API. Without it no statuses are reported and no shops are set up.
   */
  readonly operatorToken?: string | undefined;
  /** Base URL of the module's operator API. Default: the module's. */
  readonly operatorUrl?: string | undefined;
  /** Folder for the printed forms. */
  readonly out?: string | undefined;
  /** `host:port` of the telephony module's PBX. Default: the one in its settings. */
  readonly pbx?: string | undefined;
  /** Folder of the PBX's recordings, in the module's RECORDINGS_ROOT. Without it none are requested. */
  readonly recordings?: string | undefined;
  /** Base URL of a messenger's double, whose customer writes. Without it someone else must write. */
  readonly messenger?: string | undefined;
  /** Base URL of a warehouse's double, to which the demo adds goods. */
  readonly warehouse?: string | undefined;
  /** Milliseconds to wait for calls of the module. */
  readonly wait: number;
  readonly print: (line: string) => void;
}

/** A run of the demo, shared by its parts: the connection to the sandbox, the problems and the output. */
export class DemoRun {
  readonly problems: string[] = [];
  /** Base URL of the module. Known after it was connected. */
  moduleUrl = '';
  registration: JsonObject = {};
  private since = 0;
  private systemUrl = '';

  constructor(
    readonly client: ControlClient,
    readonly options: DemoOptions,
  ) {}

  /** Connects the module and keeps its registration. Returns false if it is not connected. */
  async connect(): Promise<boolean> {
    const { module, moduleUrl, secret } = this.options;
    this.since = asNumber(asObjects((await this.client.get('/exchanges?limit=1'))['entries']).at(-1)?.['id']) ?? 0;
    this.title(`Connecting "${module}"${moduleUrl === undefined ? '' : ` at ${moduleUrl}`}`);
    const result = await this.client.post(`${this.path}/connect`, { moduleUrl, secret });
    for (const step of asObjects(result['steps'])) this.lines(outcomeLines(step));
    for (const line of asList(result['capabilities'])) this.line(`  ${String(line)}`);
    if (result['ok'] !== true) {
      this.problems.push(['the module is not connected', ...asList(result['violations']).map(String)].join('; '));
      return false;
    }
    this.systemUrl = String(result['systemUrl']);
    await this.refresh();
    return true;
  }

  /** Reads the registration again. */
  async refresh(): Promise<void> {
    const { registration, connection } = await this.client.get(this.path);
    this.registration = asObject(registration);
    this.moduleUrl = asText(asObject(connection)['moduleUrl']) ?? '';
  }

  /** Returns the module's registration for a kind of integration. Undefined if there is none. */
  integration(kind: string): JsonObject | undefined {
    const configuration = asObject(this.registration['integrations'])[kind];
    return configuration === undefined ? undefined : asObject(configuration);
  }

  /** Reads a path of the account in the control API. */
  get(path: string): Promise<JsonObject> {
    return this.client.get(this.client.of(path));
  }

  /** Sends JSON to a path of the account in the control API. */
  post(path: string, body: JsonObject): Promise<JsonObject> {
    return this.client.post(this.client.of(path), body);
  }

  /** Runs a callback. A failure is a problem, unless it may fail. */
  async callback(name: string, body: JsonObject, mayFail = false): Promise<JsonObject> {
    let outcome: JsonObject;
    try {
      outcome = await this.client.post(`${this.path}/callbacks/${name}`, body);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      if (!mayFail) this.problems.push(`${name}: ${error.message}`);
      return { ok: false, refusal: error.message };
    }
    if (outcome['ok'] !== true && !mayFail) {
      this.lines(outcomeLines(outcome));
      const reason = outcome['refusal'] ?? outcome['failure'];
      if (reason !== undefined) this.problems.push(`${name} ${JSON.stringify(body)}: ${String(reason)}`);
    }
    return outcome;
  }

  /** Runs a callback that the module must reject. Returns its reason. Otherwise notes the problem. */
  async refusal(name: string, body: JsonObject, problem: string): Promise<string | undefined> {
    const outcome = await this.callback(name, body, true);
    if (outcome['ok'] !== true) return String(outcome['refusal'] ?? outcome['failure']);
    this.problems.push(problem);
    return undefined;
  }

  /** Repeats `look` until it returns a value. Undefined after this number of milliseconds. */
  async until<T>(look: () => Promise<T | undefined>, patience = this.options.wait): Promise<T | undefined> {
    for (const end = Date.now() + patience; ; await delay(200)) {
      const found = await look();
      if (found !== undefined || Date.now() > end) return found;
    }
  }

  /** Does the same, and notes a problem (`what` in words) if nothing comes. */
  async arrives<T>(look: () => Promise<T | undefined>, what: () => string): Promise<T | undefined> {
    const found = await this.until(look);
    if (found === undefined) this.problems.push(what());
    return found;
  }

  /** The time to wait, in words. */
  get after(): string {
    return `after ${this.options.wait / 1000} s`;
  }

  /** The module's operator API. */
  get operatorClient(): OperatorClient {
    return new OperatorClient(this.moduleUrl, this.options.operatorToken ?? '', this.options.operatorUrl);
  }

  /** Calls the module's operator API below `/operator/api`. Throws `CommandError` if it does not respond. */
  async operator(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ readonly status: number; readonly text: string; readonly json: JsonObject }> {
    const reply = await this.operatorClient.send(method, path, body);
    return { ...reply, json: asObject(parseJson(reply.text)) };
  }

  /** Returns the id of this account's connection in the module's operator API. Undefined if there is none. */
  connectionId(): Promise<string | undefined> {
    return this.operatorClient.findConnection(this.options.module, this.systemUrl);
  }

  /** Returns the settings of the module's connection, by its operator API. */
  async readSettings(): Promise<JsonObject> {
    return asObject((await this.operator('GET', `/connections/${(await this.connectionId()) ?? ''}/settings`)).json['values']);
  }

  /** Changes these settings of the module's connection. Otherwise notes a problem and returns false. */
  async saveSettings(changes: JsonObject, hint = ''): Promise<boolean> {
    const path = `/connections/${(await this.connectionId()) ?? ''}/settings`;
    const { status, text } = await this.operator('PUT', path, { ...(await this.readSettings()), ...changes });
    if (status !== 200) this.problems.push(`the operator API did not take the settings (HTTP ${status})${hint}: ${text.slice(0, 300)}`);
    return status === 200;
  }

  /** Prints the result. Returns the exit code: 0, 1 for a failure, 2 for a violation of the contract. */
  async summary(facts: readonly string[]): Promise<number> {
    const entries = asObjects(
      (await this.client.get(`/exchanges?since=${this.since}&limit=2000&account=${encodeURIComponent(this.client.account)}`))['entries'],
    );
    const violations = entries.flatMap((entry) =>
      asList(entry['violations']).map((violation) => `#${String(entry['id'])} ${String(entry['name'])}: ${String(violation)}`),
    );
    const inward = entries.filter((entry) => entry['direction'] === 'in');
    const byName = new Map<string, number>();
    for (const entry of inward) byName.set(String(entry['name']), (byName.get(String(entry['name'])) ?? 0) + 1);
    this.title('Summary');
    for (const fact of facts) this.line(`  ${fact}`);
    this.line(
      `  ${entries.length - inward.length} callbacks to the module, ${inward.length} calls of the API: ${[...byName].map(([name, times]) => `${times} ${name}`).join(', ') || 'none'}`,
    );
    for (const problem of this.problems) this.line(`  DID NOT WORK: ${problem}`);
    for (const violation of violations) this.line(`  AGAINST THE CONTRACT: ${violation}`);
    const code = violations.length > 0 ? EXIT.violated : this.problems.length > 0 ? EXIT.failed : EXIT.done;
    this.line(
      code === EXIT.done
        ? '  All went as the contract says.'
        : `  ${this.problems.length} things did not work, ${violations.length} were against the contract.`,
    );
    return code;
  }

  title(text: string): void {
    this.line(`\n${text}`);
  }

  lines(lines: readonly string[]): void {
    for (const line of lines) this.line(line);
  }

  line(text: string): void {
    this.options.print(text);
  }

  /** Path of the module in the control API. */
  get path(): string {
    return this.client.of(`modules/${encodeURIComponent(this.options.module)}`);
  }
}
