import type { FastifyRequest } from 'fastify';
import type { WebvisitsSettings } from './webvisits.settings.js';

const LONGEST = 100;

/**
 * Returns a visitor's country and city from the configured headers, trusted only from TRUSTED_PROXIES. Codes
 * become names in the account's language.
 */
export function readPlace(
  request: Pick<FastifyRequest, 'headers' | 'ip' | 'socket'>,
  settings: Pick<WebvisitsSettings, 'countryHeader' | 'cityHeader'>,
  language: string,
): { country?: string; city?: string } {
  // With a trusted proxy the visitor's address differs from the socket's. Otherwise the headers are ignored.
  if (request.ip === request.socket.remoteAddress) return {};
  const country = readHeader(request, settings.countryHeader);
  const city = readHeader(request, settings.cityHeader);
  const name = country && /^[A-Za-z]{2}$/.test(country) ? nameRegion(country.toUpperCase(), language) : country;
  return { ...(name && { country: name }), ...(city && { city }) };
}

function readHeader({ headers }: Pick<FastifyRequest, 'headers'>, name: string): string | undefined {
  const value = name === '' ? undefined : headers[name.toLowerCase()];
  if (typeof value !== 'string') return undefined;
  // Node reads headers as Latin-1. Proxies send UTF-8, some percent-encoded.
  const text = Buffer.from(value, 'latin1').toString('utf8').trim();
  try {
    return decodeURIComponent(text).slice(0, LONGEST) || undefined;
  } catch {
    return text.slice(0, LONGEST) || undefined;
  }
}

/** Returns undefined for codes that are not a country (`XX`, `T1`). */
function nameRegion(code: string, language: string): string | undefined {
  if (code === 'XX' || code === 'ZZ') return undefined;
  return new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }).of(code);
}
