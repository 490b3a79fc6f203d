import { describe, expect, it } from '@jest/globals';
import { keepReadable } from './own-words.js';

const ENGLISH = ['Stripe did not answer in time.', 'Rate limit exceeded', 'connect ECONNREFUSED 10.0.0.1:443', 'The invoice is closed.'];
const SPANISH = [
  'No se llamó al servicio: se agotó el tiempo.',
  'La clave no vale',
  'Demasiadas peticiones por minuto',
  'debe tener al menos 3 caracteres',
];
const RUSSIAN = ['Сервис не ответил вовремя.', 'Stripe: ключ отозван'];

describe('a message of a service', () => {
  it('is shown if the reader’s language allows it', () => {
    for (const text of [...ENGLISH, ...SPANISH, ...RUSSIAN]) expect(keepReadable(text, 'en')).toBe(text);
    for (const text of SPANISH) expect(keepReadable(text, 'es')).toBe(text);
    for (const text of RUSSIAN) expect(keepReadable(text, 'ru')).toBe(text);
    for (const text of ENGLISH) expect([keepReadable(text, 'es'), keepReadable(text, 'ru')]).toEqual([undefined, undefined]);
  });

  it('may be nothing', () => {
    expect(keepReadable(undefined, 'es')).toBeUndefined();
  });
});
