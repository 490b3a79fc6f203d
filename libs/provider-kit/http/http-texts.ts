import type { LocalText } from '#platform/plain';

/** What people of an account read of a service that failed; `name` is the service's. */
type Say = (name: string) => LocalText;

/** Nothing was done. */
export const sayAway: Say = (name) => ({
  en: `${name} does not answer just now. Try again in a moment.`,
  es: `${name} no responde en este momento. Inténtelo de nuevo dentro de un rato.`,
  ru: `${name} сейчас не отвечает. Повторите чуть позже.`,
});

/** It may have been done. */
export const sayLost: Say = (name) => ({
  en: `${name} did not answer in time: it is not known whether it was done.`,
  es: `${name} no respondió a tiempo: no se sabe si se hizo.`,
  ru: `${name} не ответил вовремя: неизвестно, сделано ли это.`,
});

/** The call has no effect. */
export const sayLate: Say = (name) => ({
  en: `${name} did not answer in time. Try again in a moment.`,
  es: `${name} no respondió a tiempo. Inténtelo de nuevo dentro de un rato.`,
  ru: `${name} не ответил вовремя. Повторите чуть позже.`,
});

/** Of an address that the account entered. */
export const sayNotThere: Say = (name) => ({
  en: `${name} cannot be reached: check its address.`,
  es: `No se puede acceder a ${name}: compruebe su dirección.`,
  ru: `${name}: сервис недоступен, проверьте его адрес.`,
});

export const sayCredentialsRefused: Say = (name) => ({
  en: `${name} refused the credentials.`,
  es: `${name} rechazó las credenciales.`,
  ru: `${name}: доступы не приняты.`,
});

export const sayTooOften: Say = (name) => ({
  en: `${name} asks to be called less often. Try again in a moment.`,
  es: `${name} pide menos llamadas. Inténtelo de nuevo dentro de un rato.`,
  ru: `${name}: слишком много запросов. Повторите чуть позже.`,
});
