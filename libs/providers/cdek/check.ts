import type { LocalText } from '#platform';
import { type CheckReport, isAuth, ProviderError, say, sayError, shortenAccount } from '#provider-kit';
import type { Cdek } from './cdek.api.js';
import { type CdekContext, type CdekSettings, createDefaultSettings } from './cdek.settings.js';
import { texts } from './cdek.texts.js';
import { listContractTariffs } from './contract-tariffs.js';

/**
 * Tries the account's credentials with a new token and a call, and checks whether the objects of the settings
 * exist at CDEK. Throws ProviderError.
 */
export async function check(api: Cdek, _settings: CdekSettings, context: CdekContext): Promise<CheckReport> {
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
}

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
