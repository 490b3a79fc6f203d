import {
  type ConnectionEntity,
  describeState,
  type HealthRow as StateRow,
  type HealthState,
  type HostedModule,
  listReasons,
} from '#connections';
import { fillIn, makeText, type Language, type LocalText } from '#platform';
import { texts } from './onboarding.texts.js';

type HealthRow = StateRow & Pick<ConnectionEntity, 'account'>;

/** Ids that a notice names at most. */
const MOST_NAMED = 20;

/** Lists what the account page says about a connection that its users can correct. */
export function listNotices({
  registrationReply,
  settingsError,
}: Pick<ConnectionEntity, 'registrationReply' | 'settingsError'>): LocalText[] {
  const { unknownUsers = [], unknownSites = [] } = registrationReply ?? {};
  return [
    ...(unknownUsers.length > 0 ? [fillIn(texts.health.unknownUsers, { ids: listSome(unknownUsers) })] : []),
    ...(unknownSites.length > 0 ? [fillIn(texts.health.unknownSites, { codes: listSome(unknownSites) })] : []),
    ...(settingsError === null ? [] : [texts.health.unreadSettings]),
  ];
}

/** What stands against a connection, in words that do not repeat what the CRM or a service said. */
export interface HealthProblem {
  state: Exclude<HealthState, 'ok'>;
  since: Date;
  /** Code of the provider whose service it is. */
  provider?: string;
  words: LocalText;
  /** What the account's users can do about it. */
  todo?: LocalText;
}

/** Lists what stands against a connection, the worst first. */
export function listHealthProblems(row: StateRow, parts: readonly HostedModule[]): HealthProblem[] {
  return listReasons(row, parts).map(({ state, since, provider }) => describeProblem(state, since, provider, parts));
}

/** Describes what is over: there is nothing to do about it. */
export function describePastProblem(
  state: HealthProblem['state'],
  since: Date,
  provider: string | null,
  parts: readonly HostedModule[],
): HealthProblem {
  const { todo: _, ...problem } = describeProblem(state, since, provider ?? undefined, parts);
  return problem;
}

function describeProblem(
  state: HealthProblem['state'],
  since: Date,
  provider: string | undefined,
  parts: readonly HostedModule[],
): HealthProblem {
  const part = parts.find(({ manifest }) => manifest.code === provider);
  const todo = state === 'service-away' && part?.manifest.ownHosted ? texts.health.ownAway : TO_DO[state];
  return { state, since, ...(provider !== undefined && { provider }), words: describeState(state, part?.manifest.title), todo };
}

/** Lists what stands against a connection, for the account page; a connection that is off says so itself. */
export function listHealthNotices(row: HealthRow, parts: readonly HostedModule[]): LocalText[] {
  return listHealthProblems(row, parts).flatMap(({ state, since, words, todo }) => {
    // The page shows what is missing where it is filled in.
    if (!todo || ['off', 'frozen', 'not-set-up'].includes(state)) return [];
    const from = makeText((language) => formatSince(since, language, row.account.timeZone));
    return [fillIn(texts.health.since, { words, todo, from })];
  });
}

/** Formats a moment to the minute, in the account's time zone and as its language writes dates. */
function formatSince(since: Date, language: Language, timeZone: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23', timeZone }).format(since);
}
/** What the account's users can do about it. */
const TO_DO: Readonly<Record<HealthProblem['state'], LocalText>> = {
  ...texts.health.toDo,
  'not-registered': texts.health.reconnect,
  'crm-refuses': texts.health.reconnect,
  'crm-away': texts.health.wait,
  'service-away': texts.health.wait,
};

function listSome(list: readonly (string | number)[]): string {
  const more = list.length - MOST_NAMED;
  return list.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` (+${more})` : '');
}
