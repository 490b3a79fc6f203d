import { maskWords } from '#journal';
import { fillIn, type LocalText, textFor } from '#platform';
import type { ConnectionEntity } from '../connection.entity.js';
import { texts } from '../connections.texts.js';
import { type HostedModule, isFirstPart } from '../hosted-modules.js';
import { HEALTH_STATES, type HealthState, NO_PROBLEMS, type ProblemKind, type Problems, readProblemKey } from './problems.js';

/** Lists the keys of a provider's problems of a kind; `part` undefined: those without one. */
export function listProblemKeys(problems: Problems, kind: ProblemKind, module: HostedModule, part?: string): string[] {
  if (problems === NO_PROBLEMS) return [];
  const { code } = module.manifest;
  return Object.keys(problems).filter((key) => {
    const name = readProblemKey(key);
    return name.kind === kind && name.part === part && (name.provider === code || (name.provider === undefined && isFirstPart(module)));
  });
}

/** Why a connection is in a state. */
export interface HealthReason {
  state: Exclude<HealthState, 'ok'>;
  since: Date;
  /** What the CRM or the service said. */
  reason?: string;
  /** Code of the provider whose service it is. */
  provider?: string;
  /** In plain English. */
  words: string;
}

/** How a provider's service is, of a module of several. */
export interface ProviderHealth {
  provider: string;
  state: HealthState;
  since: Date;
  words: string;
}

/** Health of a connection. */
export interface Health {
  state: HealthState;
  since: Date;
  /** What the CRM or the service said; missing: nothing. */
  reason?: string;
  /** In plain English. */
  words: string;
  /** All that stands against it, the worst first. */
  reasons: HealthReason[];
  /** Of a module of several providers. */
  providers?: ProviderHealth[];
}

/** The columns that health follows from. */
export type HealthRow = Pick<
  ConnectionEntity,
  | 'active'
  | 'frozen'
  | 'frozenByOperatorAt'
  | 'disconnectedAt'
  | 'retiredAt'
  | 'notSetUp'
  | 'shadow'
  | 'registeredAt'
  | 'registrationError'
  | 'attemptedHash'
  | 'attemptedAt'
  | 'createdAt'
  | 'problems'
  | 'health'
  | 'healthSince'
>;

/** Describes health for the operator; `parts`: the providers of its module, none if it is not hosted. */
export function describeHealth(row: HealthRow, parts: readonly HostedModule[]): Health {
  const reasons = listReasons(row, parts);
  const worst = reasons[0];
  const providers = parts.map(({ manifest }) => {
    const own = reasons.find(({ provider }) => provider === manifest.code);
    const since = own?.since ?? row.healthSince;
    return { provider: manifest.code, state: own?.state ?? ('ok' as const), since, words: own?.words ?? textFor(STATES.ok, 'en') };
  });
  return {
    state: row.health,
    since: worst?.since ?? row.healthSince,
    ...(worst?.reason && { reason: worst.reason }),
    words: worst?.words ?? textFor(STATES.ok, 'en'),
    reasons,
    ...(parts.length > 1 && { providers }),
  };
}

/** Says in a sentence what a state means. `service`: the provider's name. */
export function describeState(state: HealthState, service: LocalText = texts.service): LocalText {
  return fillIn(STATES[state], { service });
}

/** Lists what stands against a connection, the worst first and of equals the oldest. */
export function listReasons(row: HealthRow, parts: readonly HostedModule[]): HealthReason[] {
  const add = (state: HealthReason['state'], since: Date | null, reason?: string | null, part?: HostedModule): HealthReason => ({
    state,
    since: since ?? row.healthSince,
    ...(reason && { reason }),
    ...(part && { provider: part.manifest.code }),
    words: describeReason(state, reason ?? '', part?.manifest.title),
  });
  const refusal = row.registrationError === null ? null : maskWords(row.registrationError);
  const found: HealthReason[] = [];
  if (!row.active) found.push(add('off', row.disconnectedAt));
  if (row.frozen || row.frozenByOperatorAt) found.push(add('frozen', row.frozen ? null : row.frozenByOperatorAt));
  if (row.retiredAt) found.push(add('retired', row.retiredAt));
  if (!row.shadow && row.registeredAt === null) found.push(add('not-registered', row.createdAt, refusal));
  else if (!row.shadow && row.registrationError !== null && row.attemptedHash !== null)
    found.push(add('crm-refuses', row.health === 'crm-refuses' ? row.healthSince : row.attemptedAt, refusal));
  for (const [provider, since] of Object.entries(row.notSetUp))
    found.push(
      add(
        'not-set-up',
        new Date(since),
        null,
        parts.find(({ manifest }) => manifest.code === provider),
      ),
    );
  for (const [key, { since, reason }] of Object.entries(row.problems)) {
    const { kind, provider } = readProblemKey(key);
    const ofService = kind === 'service-away' || kind === 'credentials-refused';
    const part = ofService ? parts.find(({ manifest }) => provider === undefined || manifest.code === provider) : undefined;
    found.push(add(kind, new Date(since), reason, part));
  }
  const rank = ({ state }: HealthReason): number => HEALTH_STATES.indexOf(state);
  found.sort((one, other) => rank(one) - rank(other) || one.since.getTime() - other.since.getTime());
  // A service and the line to it are away together: that is said once.
  const isSaid = ({ state, provider }: HealthReason, index: number): boolean =>
    provider !== undefined && found.findIndex((other) => other.state === state && other.provider === provider) < index;
  return found.filter((reason, index) => !isSaid(reason, index));
}

/** Says in plain English what stands against a connection. Most reasons are sentences of ours already. */
function describeReason(state: HealthState, reason: string, title?: LocalText): string {
  const words = textFor(describeState(state, title), 'en');
  const text = reason.replace(/^[A-Z]+ (?:\/\S*:|\*{3}) /, '').replace(/\.$/, '');
  if (text === '') return words;
  const names = title ? Object.values(title) : ['The CRM', 'the CRM'];
  const name = [...names, ...names.map(maskWords)].find((one) => text.startsWith(one) && !/^[\p{L}\p{N}*]/u.test(text.slice(one.length)));
  if (name === undefined) return `${words.replace(/\.$/, '')}: ${text}.`;
  const rest = text.slice(name.length);
  if (rest.startsWith(': ')) return `${words} It says: ${rest.slice(2)}.`;
  // A sentence of ours in the shop's own language says no more than the state does.
  return /[\u0400-\u04ff]/.test(rest) ? words : `${names[0]}${rest}.`;
}

const STATES: Readonly<Record<HealthState, LocalText>> = texts.states;
