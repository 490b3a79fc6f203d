import type { LocalText } from '#platform';
import { type CheckReport, isAuth, isRefusal, say, shortenAccount, unlessError } from '#provider-kit';
import type { Apiship, ApishipMethod } from './apiship.api.js';
import { type ApishipContext, createDefaultSettings } from './apiship.settings.js';
import { texts } from './apiship.texts.js';
import { type Connected, loadConnections } from './carriers.js';
import { loadPointsById } from './points.js';

const LONGEST_ACCOUNT = 200;

/**
 * Tries the credentials, and checks whether the carriers, contracts and points of the settings exist and the
 * balance for calculations is not used up. Throws ProviderError.
 */
export const check: ApishipMethod<'check'> = async (api, settings, context): Promise<CheckReport> => {
  let connected: Connected[];
  try {
    await api.signIn(context);
    connected = await loadConnections(api, context);
  } catch (error) {
    if (!isAuth(error)) throw error;
    if (settings.token) return { errors: { token: say(texts.refusedToken, context) } };
    // ApiShip reports which of the two is wrong. A stranger should not see that.
    const problem = say(texts.refusedLogin, context);
    return { errors: { login: problem, password: problem } };
  }
  const [balance, points] = await Promise.all([
    // The account may not be allowed to see it.
    unlessError(isRefusal, api.balance(context), () => undefined),
    readOwnPoints(api, context),
  ]);
  const warnings: Record<string, string> = {};
  const warn = (path: string, text: LocalText): void => void (warnings[path] = say(text, context));
  if (settings.contour === 'test') warn('contour', texts.testContour);
  else if (!api.platform) warn('', texts.noPlatform);
  if (connected.length === 0) warn('carriers', texts.noCarriers);
  if (settings.carriers.length === 0 && new Set(connected.map(({ carrier }) => carrier)).size < connected.length)
    warn('carriers', texts.severalContracts);
  if (balance && (balance.freeCalculations ?? 1) <= 0 && (balance.money ?? 1) <= 0) warn('', texts.balanceEmpty);
  settings.carriers.forEach(({ code, connection, point }, index) => {
    const own = connected.filter(({ carrier }) => carrier === code);
    if (own.length === 0) warn(`carriers[${index}].code`, texts.notConnected);
    else if (connection && !own.some(({ id }) => id === connection)) warn(`carriers[${index}].connection`, texts.notConnected);
    else if (!connection && own.length > 1) warn(`carriers[${index}].connection`, texts.severalContracts);
    const found = point === undefined ? undefined : points.find(({ id }) => id === String(point));
    if (point !== undefined && found === undefined) warn(`carriers[${index}].point`, texts.unknown);
    else if (found && (!found.takesIn || found.carrier !== code)) warn(`carriers[${index}].point`, texts.noReception);
  });
  return { account: isShared(context) ? say(texts.sharedAccount, context) : nameAccount(connected, context), warnings };
};

/** Whether the settings use the public account of ApiShip's test contour. */
function isShared({ settings: { contour, token, login } }: ApishipContext): boolean {
  return contour === 'test' && !token && login === createDefaultSettings().login;
}

/** The beginning of the login, or the names of the carriers if there is a token. */
function nameAccount(connected: readonly Connected[], { settings }: ApishipContext): string {
  if (!settings.token && settings.login) return `ApiShip, ${shortenAccount(settings.login)}`;
  const names = connected.map(({ carrier, name }) => name ?? carrier);
  return [...new Set(names)].join(', ').slice(0, LONGEST_ACCOUNT).trim() || 'ApiShip';
}

function readOwnPoints(api: Apiship, context: ApishipContext): ReturnType<typeof loadPointsById> {
  const ids = context.settings.carriers.flatMap(({ point }) => (point === undefined ? [] : String(point)));
  return loadPointsById(api, ids, context);
}
