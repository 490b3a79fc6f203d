import type { LocalText } from '#platform/plain';

/** In the name that a check says of a service's account: buyers pay nothing there. */
export const TEST_ACCOUNT: LocalText = { en: 'test', es: 'prueba', ru: 'тест' };
