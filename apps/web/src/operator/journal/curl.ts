import type { Schemas } from '../api.js';

type Entry = Schemas['JournalEntryView'];

/** The mask of a value that the journal does not store. */
const MASK = /\*\*\*(?:\d+|\(\d+\))?/g;

/**
 * Writes an exchange of the journal as a curl command. Masked values and credentials become placeholders
 * such as `<customer.phone>`. `root`: address of the api, for requests that we received. The entry must have
 * an address, which only HTTP exchanges have.
 */
export function writeCurl(entry: Entry, root: string): string {
  const { verb, requestBody } = entry;
  const method = verb ?? 'POST';
  const body = requestBody ? writeBody(requestBody) : [];
  return [
    `curl ${method === 'GET' && body.length > 0 ? '-G' : `-X ${method}`} ${quote(readAddress(entry, root))}`,
    ...writeCredentials(entry),
    ...body,
  ].join(' \\\n  ');
}

function readAddress({ direction, address }: Entry, root: string): string {
  const path = fill(address ?? '', 'masked');
  return direction === 'in' ? `${root}${path}` : path;
}

function writeCredentials({ kind, provider }: Entry): string[] {
  if (kind === 'crm') return [`-H ${quote('X-API-KEY: <API key of the shop>')}`];
  if (kind === 'provider') return [`-H ${quote(`Authorization: <credentials of the shop at ${provider ?? 'the provider'}>`)}`];
  // A callback has the client's id in its body. Each provider signs webhooks in its own way.
  return kind === 'webhook' ? [`-H ${quote(`X-Signature: <as ${provider ?? 'the provider'} signs>`)}`] : [];
}

function writeBody({ type, content }: Schemas['StoredBody']): string[] {
  if (content === undefined || content === null) return [`-H ${quote(`Content-Type: ${type}`)}`, `--data-binary @body`];
  if (/form-urlencoded|multipart\/form-data/.test(type) && typeof content === 'object')
    return Object.entries(content as object).map(
      ([name, value]) => `--data-urlencode ${quote(`${fill(name, 'name')}=${toText(fillAll(value, name))}`)}`,
    );
  return [`-H ${quote(`Content-Type: ${type}`)}`, `--data-raw ${quote(toText(fillAll(content, '')))}`];
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Replaces the masks in a document by placeholders named after their paths. */
function fillAll(value: unknown, path: string): unknown {
  if (typeof value === 'string') return fill(value, path || 'masked');
  if (Array.isArray(value)) return value.map((item, index) => fillAll(item, `${path}.${index}`));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [fill(name, 'name'), fillAll(member, path ? `${path}.${name}` : name)]),
  );
}

function fill(text: string, name: string): string {
  return text.replace(MASK, `<${name.replace(MASK, '*')}>`);
}

/** Quotes a text for a POSIX shell, so that nothing in it runs as a command. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
