import type { Schemas } from '../api.js';
import type { HealthWords } from '../health-words.js';

const ROOT = /^\/operator\/api\//;

/** Names an action: `register connections` for `POST /operator/api/connections/:id/register`. */
export function describeAct({ method, route }: Pick<Schemas['AuditEntryView'], 'method' | 'route'>): string {
  const parts = route.replace(ROOT, '').split('/');
  const [thing = '', ...rest] = parts.filter((part) => !part.startsWith(':'));
  if (thing === 'session') return method === 'DELETE' ? 'sign out' : 'sign in';
  const deed = rest.join(' ') || { POST: 'add to', PUT: 'save', DELETE: 'erase' }[method] || method.toLowerCase();
  const saves = method === 'PUT' && rest.length > 0 ? 'save ' : '';
  return `${saves}${deed.replaceAll('-', ' ')} · ${thing.replaceAll('-', ' ')}`;
}

/** Returns words for the status of a reply. Null: there is no reply yet, or the process ended before it. */
export function judgeStatus(status: number | null): HealthWords {
  if (status === null) return { title: 'no reply', tone: 'warn' };
  return { title: String(status), tone: status < 400 ? 'good' : status < 500 ? 'warn' : 'bad' };
}
