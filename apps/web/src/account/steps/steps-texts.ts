import type { LocalText } from '../../kit/index.js';

/** What the page says of the first steps. */
export const STEPS_TEXTS = {
  title: { en: 'First steps', es: 'Primeros pasos', ru: 'Первые шаги' },
  progress: { en: '{done} of {total} done', es: '{done} de {total} hechos', ru: 'Сделано {done} из {total}' },
  done: { en: 'done', es: 'hecho', ru: 'готово' },
  next: { en: 'next', es: 'a continuación', ru: 'следующий' },
  later: { en: 'later', es: 'después', ru: 'потом' },
  open: { en: 'Go to “{section}”', es: 'Ir a «{section}»', ru: 'Перейти: «{section}»' },
} satisfies Record<string, LocalText>;
