import { maskWords } from '#journal';
import { fillIn, type LocalText, textFor } from '#platform';
import type { ConnectionEntity } from '../connection.entity.js';
import { texts } from '../connections.texts.js';
import { type HostedModule, isFirstProvider } from '../hosted-modules.js';
import { HEALTH_STATES, type HealthState, NO_PROBLEMS, type ProblemKind, type Problems, readProblemKey } from '../problems.js';

/** Lists the keys of a provider's problems of a kind. `part` undefined: problems without a part. */
export function listProblemKeys(problems: Problems, kind: ProblemKind, module: HostedModule, part?: string): string[] {
  if (problems === NO_PROBLEMS) return [];
  const { code } = module.manifest;
  return Object.keys(problems).filter((key) => {
    const name = readProblemKey(key);
    return name.kind === kind && name.part === part && (name.provider === code || (name.provider === undefined && isFirstProvider(module)));
  });
}

/** The reason for a connection's state. */
export interface HealthReason {
  state: Exclude<HealthState, 'ok'>;
  since: Date;
  /** The original message of the CRM or the service. */
  reason?: string;
  /** Code of the provider whose service is the cause. */
  provider?: string;
  /** The reason in plain English. */
  words: string;
}

/** The state of one provider's service. Only for modules with several providers. */
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
  /** The original message of the CRM or the service. Missing if there is none. */
  reason?: string;
  /** The state in plain English. */
  words: string;
  /** All current problems, the worst first. */
  reasons: HealthReason[];
  /** Only for modules with several providers. */
  providers?: ProviderHealth[];
  /** Why the CRM shows no widgets of the module, in plain English. Missing if it accepted them. */
  widgets?: string;
}

/** The columns that determine the health. */
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
> &
  Partial<Pick<ConnectionEntity, 'registrationReply'>>;

/** Describes health for the operator. `parts`: the providers of its module, empty if it is not hosted. */
export function describeHealth(row: HealthRow, parts: readonly HostedModule[]): Health {
  const reasons = listReasons(row, parts);
  const worst = reasons[0];
  const rejected = row.registrationReply?.widgetsRejected;
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
    ...(rejected && { widgets: `The CRM accepts the module only without widgets: ${maskWords(rejected.reason)}` }),
  };
}

/** Describes a state in a sentence. `service`: the provider's name. */
export function describeState(state: HealthState, service: LocalText = texts.service): LocalText {
  return fillIn(STATES[state], { service });
}

/** Lists a connection's problems, the worst first. Equal problems are sorted by age, the oldest first. */
export function listReasons(row: HealthRow, parts: readonly HostedModule[]): HealthReason[] {
  const add = (state: HealthReason['state'], since: Date | null, reason?: string | null, part?: HostedModule): HealthReason => ({
    state,
    since: since ?? row.healthSince,
    ...(reason && { reason }),
    ...(part && { provider: part.manifest.code }),
    words: describeReason(state, reason ?? '', part?.manifest.title),
  });
  const rejection = row.registrationError === null ? null : maskWords(row.registrationError);
  const found: HealthReason[] = [];
  if (!row.active) found.push(add('off', row.disconnectedAt));
  if (row.frozen || row.frozenByOperatorAt) found.push(add('frozen', row.frozen ? null : row.frozenByOperatorAt));
  if (row.retiredAt) found.push(add('retired', row.retiredAt));
  if (!row.shadow && row.registeredAt === null) found.push(add('not-registered', row.createdAt, rejection));
  else if (!row.shadow && row.registrationError !== null && row.attemptedHash !== null)
    found.push(add('crm-refuses', row.health === 'crm-refuses' ? row.healthSince : row.attemptedAt, rejection));
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
  // If a service and its line are both unavailable, only one is reported.
  const isSaid = ({ state, provider }: HealthReason, index: number): boolean =>
    provider !== undefined && found.findIndex((other) => other.state === state && other.provider === provider) < index;
  return found.filter((reason, index) => !isSaid(reason, index));
}

/** Describes a problem in plain English. Most reasons are already our own sentences. */
function describeReason(state: HealthState, reason: string, title?: LocalText): string {
  const words = textFor(describeState(state, title), 'en');
  const text = reason.replace(/^[A-Z]+ (?:\/\S*:|\*{3}) /, '').replace(/\.$/, '');
  if (text === '') return words;
  const names = title ? Object.values(title) : ['The CRM', 'the CRM'];
  const name = [...names, ...names.map(maskWords)].find((one) => text.startsWith(one) && !/^[\p{L}\p{N}*]/u.test(text.slice(one.length)));
  if (name === undefined) return `${words.replace(/\.$/, '')}: ${text}.`;
  const rest = text.slice(name.length);
  if (rest.startsWith(': ')) return `${words} It says: ${rest.slice(2)}.`;
  // Our own sentence in the shop's language adds nothing to the state.
  return /[\u0400-\u04ff]/.test(rest) ? words : `${names[0]}${rest}.`;
}

const STATES: Readonly<Record<HealthState, LocalText>> = texts.states;
