import type { LocalText } from '#platform';
import { isAuth, makeError, ProviderError, say, sayError, shortenAccount } from '#provider-kit';
import type { Cdek, CdekMethod } from './cdek.api.js';
import { type CdekContext, createDefaultSettings } from './cdek.settings.js';
import { texts } from './cdek.texts.js';
import { listContractTariffs } from './quote.js';

/**
 * Tries the account's credentials with a new token and a call, and checks whether the objects of the settings
 * exist at CDEK. Throws ProviderError.
 */
export const check: CdekMethod<'check'> = async (api, _settings, context) => {
  const { clientId, contour, tariffs, shipmentPoint } = context.settings;
  try {
    await api.signIn(context);
  } catch (error) {
    if (!isAuth(error)) throw error;
    // CDEK does not report which of the two is wrong.
    const problem = say(texts.refusedLogin, context);
    return { errors: { clientId: problem, clientSecret: problem } };
  }
  const knowsCity = await readsCity(api, context);
  const [offered, point] = await Promise.all([
    knowsCity ? settle(listContractTariffs(api, context)) : [],
    shipmentPoint ? settle(api.points.load({ code: shipmentPoint, type: 'ALL' }, context)) : undefined,
  ]);
  const warnings: Record<string, string> = {};
  const warn = (path: string, text: LocalText): void => void (warnings[path] = say(text, context));
  if (contour === 'test') warn('contour', texts.testContour);
  if (!knowsCity) warn('fromCityCode', texts.unknown);
  if (point instanceof ProviderError) warnings['shipmentPoint'] = sayError(point, context.account.language);
  else if (point?.length === 0) warn('shipmentPoint', texts.unknown);
  else if (point?.every(({ takesIn }) => !takesIn)) warn('shipmentPoint', texts.noReception);
  if (offered instanceof ProviderError) warnings['tariffs'] = sayError(offered, context.account.language);
  else if (knowsCity)
    tariffs.forEach(({ code }, index) => {
      if (!offered.some((one) => one.code === code)) warn(`tariffs[${index}].code`, texts.tariffNotQuoted);
    });
  const isShared = clientId === createDefaultSettings().clientId;
  return { account: isShared ? say(texts.sharedAccount, context) : `CDEK, ${shortenAccount(clientId)}`, warnings };
};

/** Returns a refusal as a value: these calls only warn, the credentials are good. */
async function settle<T>(asked: Promise<T>): Promise<T | ProviderError> {
  return asked.catch((error: unknown) => {
    if (error instanceof ProviderError && error.kind === 'rejected') return error;
    throw error;
  });
}

/** Reads one city, the settings' city if they have one. Returns whether CDEK has it. */
async function readsCity(api: Cdek, context: CdekContext): Promise<boolean> {
  const { fromCityCode } = context.settings;
  const query = { ...(fromCityCode !== undefined && { code: String(fromCityCode) }), size: '1' };
  return (await api.cities.load(query, context)).length > 0;
}

/** Seconds before rejected credentials are tried again. */
const SIGNED_IN = { ttlSeconds: 3_600 };

/** Keeps the directories up to date. Throws ProviderError. */
export const refresh: CdekMethod<'refresh'> = async (api, context) => {
  const isRefused = await context.cache.fetch(`refused:${api.identifyAccount(context)}`, SIGNED_IN, async () => {
    try {
      await api.signIn(context);
      return false;
    } catch (error) {
      if (!isAuth(error)) throw error;
      return true;
    }
  });
  if (isRefused) throw makeError('auth', texts.credentials);
  await api.cities.refresh(context);
  await api.points.refresh(context);
};
