import { CallbackError, type LocalText, textFor } from '#platform';
import type { Connection } from './connection.js';

const TRIAL: LocalText = {
  en: 'This connection is a trial: it answers questions, such as prices and stocks, and changes nothing. Nothing was done.',
  es: 'Esta conexión es de prueba: responde preguntas, como precios y existencias, y no cambia nada. No se hizo nada.',
  ru: 'Это пробное подключение: оно отвечает на вопросы, например о ценах и остатках, и ничего не меняет. Ничего не сделано.',
};

/** Throws CallbackError 400, in the account's language, when a shadow is asked for what has an effect. */
export function refuseForShadow({ shadow, account }: Pick<Connection, 'shadow' | 'account'>): void {
  if (shadow) throw new CallbackError(400, textFor(TRIAL, account.language));
}
