import { useHost } from '@retailcrm/embed-ui';
import type { HostApi } from '@retailcrm/embed-ui-v1-types/host';

/** A call that the module did not answer, or refused. */
export class CallError extends Error {
  /**
   * @param status of the reply. 0: there was none.
   * @param sentence of the module, in the CRM's language, if it sent one
   */
  constructor(
    readonly status: number,
    readonly sentence?: string,
  ) {
    super(sentence ?? `status ${status}`);
  }
}

/** Maximum milliseconds until a reply. The CRM's own limit is not documented. */
const TIMEOUT_MS = 30_000;

/** Returns a function that calls the module's server through the CRM. It throws `CallError`. */
export function useModule(): <Reply>(call: 'badge' | 'view' | 'act' | 'registry', request: object) => Promise<Reply> {
  const host: HostApi = useHost();
  return async <Reply>(call: string, request: object) => {
    // A text, because reactive objects cannot be posted to the CRM's page.
    const sent = host.httpCall(`/embed/${call}`, JSON.stringify(request));
    const late = new Promise<never>((_, reject) => setTimeout(() => reject(new CallError(0)), TIMEOUT_MS));
    const { status, body } = await Promise.race([sent, late]).catch(() => ({ status: 0, body: '' }));
    const reply = parse(body);
    if (status === 200 && reply !== undefined) return reply as Reply;
    throw new CallError(status === 200 ? 0 : status, reply?.errorMsg);
  };
}

function parse(body: string): { errorMsg?: string } | undefined {
  try {
    return JSON.parse(body) as { errorMsg?: string };
  } catch {
    return undefined;
  }
}
