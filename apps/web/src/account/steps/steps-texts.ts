import type { LocalText } from '../../kit/index.js';

/** What the page says of the first steps. */
export const STEPS_TEXTS = {
  title: { en: 'First steps', es: 'Primeros pasos', ru: 'Первые шаги' },
  progress: { en: '{done} of {total} done', es: '{done} de {total} hechos', ru: 'Сделано {done} из {total}' },
  doneSteps: { en: '✓ Done: {n}', es: '✓ Hechos: {n}', ru: '✓ Готово: {n}' },
  fill: { en: 'Fill in the form', es: 'Rellenar el formulario', ru: 'Заполнить форму' },
  next: { en: 'next', es: 'a continuación', ru: 'следующий' },
  later: { en: 'later', es: 'después', ru: 'потом' },
  open: { en: 'Go to “{section}”', es: 'Ir a «{section}»', ru: 'Перейти: «{section}»' },
  tryIt: { en: 'Make a test payment', es: 'Hacer un pago de prueba', ru: 'Провести тестовый платёж' },
  tryAnew: { en: 'Begin anew', es: 'Empezar de nuevo', ru: 'Начать заново' },
  harmless: {
    en: 'No money moves, and nothing of it is written to the CRM.',
    es: 'No se mueve dinero y nada de ello se registra en el CRM.',
    ru: 'Деньги не движутся, и в CRM ничего не записывается.',
  },
  payThere: { en: 'Open the payment page', es: 'Abrir la página de pago', ru: 'Открыть страницу оплаты' },
  waiting: {
    en: 'It opens in a new tab. When you have paid, come back: this page sees it by itself.',
    es: 'Se abre en otra pestaña. Cuando haya pagado, vuelva: esta página lo verá por sí sola.',
    ru: 'Откроется в новой вкладке. После оплаты вернитесь: эта страница увидит её сама.',
  },
  refused: {
    en: 'The service did not begin a test payment: check the settings, and try again.',
    es: 'El servicio no inició el pago de prueba: compruebe los ajustes e inténtelo de nuevo.',
    ru: 'Сервис не начал тестовый платёж: проверьте настройки и попробуйте снова.',
  },
  tried: {
    en: 'The test payment has arrived: everything works.',
    es: 'El pago de prueba ha llegado: todo funciona.',
    ru: 'Тестовый платёж дошёл: всё работает.',
  },
} satisfies Record<string, LocalText>;
