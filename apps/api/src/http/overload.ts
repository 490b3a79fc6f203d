import { CallbackError, type LocalText } from '#platform';

/** Seconds after which a refused caller may come again. */
export const OVERLOAD_RETRY_S = 2;
export const OVERLOAD: LocalText = {
  en: 'The service has too much to do just now; try again in a moment.',
  es: 'El servicio está demasiado ocupado en este momento; inténtelo de nuevo enseguida.',
  ru: 'Сервис сейчас слишком занят; повторите чуть позже.',
};

/** The answer to a caller who has to come again. */
export function makeOverload(): CallbackError {
  return new CallbackError(503, OVERLOAD, undefined, OVERLOAD_RETRY_S);
}
