import { sha256Hex } from '#platform';
import type { Cdek } from './cdek.api.js';
import type { CdekContext } from './cdek.settings.js';
import { readMode, type TariffMode } from './cdek.tariffs.js';
import { findCity } from './cities.js';
import type { City } from './city.js';
import { askQuotes, type CdekQuoteRequest } from './quote.js';

/** A tariff that CDEK offers to the account. */
export interface ContractTariff {
  code: number;
  /** CDEK's, in the account's language as far as CDEK has it. */
  name?: string;
  /** Missing for a mode that the adapter does not have. */
  mode?: TariffMode;
}

const MOSCOW = 44;
const PETERSBURG = 137;
/** Grams and centimetres: a parcel that every tariff for shops takes. */
const PARCEL = { weight: 1_000, length: 20, width: 20, height: 10 };
/** Several letters typed into one field make one request. */
const QUOTED = { ttlSeconds: 60 };

/**
 * The tariffs of the account's contract, as CDEK quotes them for a parcel of 1 kg from the city of the
 * settings: to Moscow or Saint Petersburg, abroad within the city. Empty where CDEK does not know that city.
 * Throws ProviderError.
 */
export async function listContractTariffs(api: Cdek, context: CdekContext): Promise<ContractTariff[]> {
  const from = context.settings.fromCityCode ?? MOSCOW;
  const city = await findCity(api, from, context);
  const question: CdekQuoteRequest = {
    type: context.settings.contractKind === 'shop' ? 1 : 2,
    lang: context.account.language === 'ru' ? 'rus' : 'eng',
    from_location: { code: from },
    to_location: { code: findDestination(from, city) },
    packages: [PARCEL],
  };
  const key = `tariffs:${api.identifyAccount(context)}:${sha256Hex(JSON.stringify(question)).slice(0, 16)}`;
  return context.cache.fetch(key, QUOTED, async () => {
    const quotes = await askQuotes(api, question, context);
    return quotes.map(({ tariff_code, tariff_name, delivery_mode }) => {
      const mode = readMode(delivery_mode);
      return { code: tariff_code, ...(tariff_name && { name: tariff_name }), ...(mode && { mode }) };
    });
  });
}

/** Tariffs for shops differ by country: a parcel that crosses a border would be offered fewer tariffs. */
function findDestination(from: number, city: City | undefined): number {
  if (city?.country !== undefined && city.country !== 'RU') return from;
  return from === MOSCOW ? PETERSBURG : MOSCOW;
}
