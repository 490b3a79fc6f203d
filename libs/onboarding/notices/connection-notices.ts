import {
  type ConnectionEntity,
  describeState,
  type HealthRow as StateRow,
  type HealthState,
  type HostedModule,
  listReasons,
} from '#connections';
import { fillIn, makeText, type Language, type LocalText } from '#platform';
import { texts } from '../onboarding.texts.js';

type HealthRow = StateRow & Pick<ConnectionEntity, 'account'>;

/** Maximum number of ids in a notice. */
const MOST_NAMED = 20;

/** Lists the account page's messages about problems of a connection that its users can correct. */
export function listNotices({
  registrationReply,
  settingsError,
}: Pick<ConnectionEntity, 'registrationReply' | 'settingsError'>): LocalText[] {
  const { unknownUsers = [], unknownSites = [], widgetsRejected } = registrationReply ?? {};
  return [
    ...(unknownUsers.length > 0 ? [fillIn(texts.health.unknownUsers, { ids: listSome(unknownUsers) })] : []),
    ...(unknownSites.length > 0 ? [fillIn(texts.health.unknownSites, { codes: listSome(unknownSites) })] : []),
    ...(settingsError === null ? [] : [texts.health.unreadSettings]),
    ...(widgetsRejected ? [texts.health.widgetsRejected] : []),
  ];
}

/** A problem of a connection, in words that do not repeat messages of the CRM or a service. */
export interface HealthProblem {
  state: Exclude<HealthState, 'ok'>;
  since: Date;
  /** Code of the provider whose service has the problem. */
  provider?: string;
  words: LocalText;
  /** The step that solves the problem, for the account's users. */
  todo?: LocalText;
}

/** Lists the problems of a connection, worst first. */
export function listHealthProblems(row: StateRow, parts: readonly HostedModule[]): HealthProblem[] {
  return listReasons(row, parts).map(({ state, since, provider }) => describeProblem(state, since, provider, parts));
}

/** Describes a problem that has ended, so it has no next step. */
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

/** Lists the problems of a connection for the account page. A connection that is off shows this itself. */
export function listHealthNotices(row: HealthRow, parts: readonly HostedModule[]): LocalText[] {
  return listHealthProblems(row, parts).flatMap(({ state, since, words, todo }) => {
    // The page shows missing settings next to their fields.
    if (!todo || ['off', 'frozen', 'not-set-up'].includes(state)) return [];
    const from = makeText((language) => formatSince(since, language, row.account.timeZone));
    return [fillIn(texts.health.since, { words, todo, from })];
  });
}

/** Formats a time to the minute, in the account's time zone and language. */
function formatSince(since: Date, language: Language, timeZone: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23', timeZone }).format(since);
}
/** Steps that solve a problem, for the account's users. */
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
