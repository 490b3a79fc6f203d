import type { Sandbox } from '../sandbox.js';
import type { Account } from '../store/state.js';
import { Desk } from './desk.js';
import type { ModuleReply } from './module-http.js';
import type { Judgement } from './reply-check.js';
import { SandboxError } from './module-error.js';

/** Maximum bytes of a reply. The CRM's own limit is not documented. */
const MOST_BYTES = 100_000;

/** The module's reply to a widget. The CRM passes on its status and text unchanged. */
export interface WidgetReply {
  readonly status: number;
  readonly body: string;
}

/** The CRM's server for the widgets and pages of a module: it relays their calls. */
export class WidgetDesk extends Desk {
  /** Throws `SandboxError` if the module is not connected or has no widgets. */
  constructor(sandbox: Sandbox, account: Account, code: string) {
    super(sandbox, account, code, 'embedJs', 'widgets');
  }

  /** Sends a widget's `httpCall` with the account's `clientId`. `payload`: absent if the widget gave none. */
  async relay(action: string, payload: string | undefined): Promise<WidgetReply> {
    if (!/^\/?[\w/.-]+$/.test(action)) throw new SandboxError('action must be a path without a query');
    const name = action.replace(/^\//, '').replaceAll('/', '.');
    const { reply } = await this.send(name, 'POST', action, payload === undefined ? {} : { payload }, judgeWidgetReply);
    if (reply.status === 0) return { status: 500, body: JSON.stringify({ error: reply.failure, ok: false }) };
    return { status: reply.status, body: reply.bytes.toString('utf8') };
  }
}

function judgeWidgetReply({ status, bytes, failure }: ModuleReply): Judgement {
  if (failure !== undefined) return { done: false, failure, violations: [] };
  const violations = [
    ...(status >= 300 && status < 400 ? [`status ${status}: a redirect loses the form`] : []),
    ...(status >= 500 ? [`status ${status}: the widget cannot explain it`] : []),
    ...(bytes.length > MOST_BYTES ? [`the reply has ${bytes.length} bytes, more than ${MOST_BYTES}`] : []),
  ];
  return { done: status < 300, violations };
}
