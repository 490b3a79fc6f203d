import { CommandError, type ControlClient } from '../cli/control-client.js';
import { OperatorClient } from '../cli/operator-client.js';
import { EXIT, outcomeLines } from '../cli/output.js';
import { type JsonObject, asList, asNumber, asObject, asObjects } from '../json.js';

/** Options of the demo. */
export interface DemoOptions {
  /** The module's code. */
  readonly module: string;
  readonly moduleUrl: string;
  readonly secret: string;
  /**
   * Bearer token of the module's operator API. Without it no statuses are reported and no shops are set up.
   */
  readonly operatorToken?: string;
  /** Base URL of the module's operator API. Default: the module's. */
  readonly operatorUrl?: string | undefined;
  /** Folder for the printed forms. */
  readonly out?: string;
  /** `host:port` of the telephony module's PBX. Default: the one in its settings. */
  readonly pbx?: string;
  /** Folder of the PBX's recordings, in the module's RECORDINGS_ROOT. Without it none are requested. */
  readonly recordings?: string;
  /** Base URL of a messenger's double, whose customer writes. Without it someone else must write. */
  readonly messenger?: string;
  /** Base URL of a warehouse's double, to which the demo adds goods. */
  readonly warehouse?: string;
  /** Milliseconds to wait for calls of the module. */
  readonly wait: number;
  readonly print: (line: string) => void;
}

/** A run of the demo, shared by its parts: the connection to the sandbox, the problems and the output. */
export class DemoRun {
  readonly problems: string[] = [];
  readonly operatorClient: OperatorClient;
  registration: JsonObject = {};
  private since = 0;
  private systemUrl = '';

  constructor(
    readonly client: ControlClient,
    readonly options: DemoOptions,
  ) {
    this.operatorClient = new OperatorClient(options.moduleUrl, options.operatorToken ?? '', options.operatorUrl);
  }

  /** Connects the module and keeps its registration. Returns false if it is not connected. */
  async connect(): Promise<boolean> {
    this.since = await this.lastEntry();
    this.title(`Connecting "${this.options.module}" at ${this.options.moduleUrl}`);
    const result = await this.client.post(`${this.path}/connect`, { moduleUrl: this.options.moduleUrl, secret: this.options.secret });
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
    this.registration = asObject((await this.client.get(this.path))['registration']);
  }

  /** Returns the module's registration for a kind of integration. Undefined if there is none. */
  integration(kind: string): JsonObject | undefined {
    const configuration = asObject(this.registration['integrations'])[kind];
    return configuration === undefined ? undefined : asObject(configuration);
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

  /** Calls the module's operator API below `/operator/api`. Throws `CommandError` if it does not respond. */
  operator(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly text: string }> {
    return this.operatorClient.send(method, path, body);
  }

  /** Returns the id of this account's connection in the module's operator API. Undefined if there is none. */
  connectionId(): Promise<string | undefined> {
    return this.operatorClient.findConnection(this.options.module, this.systemUrl);
  }

  /** Prints the result. Returns the exit code: 0, 1 for a failure, 2 for a violation of the contract. */
  async summary(facts: readonly string[]): Promise<number> {
    const entries = asObjects(
      (await this.client.get(`/journal?since=${this.since}&limit=2000&account=${encodeURIComponent(this.client.account)}`))['entries'],
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

  private async lastEntry(): Promise<number> {
    const entries = asObjects((await this.client.get('/journal?limit=1'))['entries']);
    return asNumber(entries.at(-1)?.['id']) ?? 0;
  }
}
