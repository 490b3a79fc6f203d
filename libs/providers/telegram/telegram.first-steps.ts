import { SECTIONS } from '#platform';
import type { FirstStep } from '#provider-kit';
import type { TelegramSettings } from './telegram.settings.js';

/** What an account does first with Telegram. */
export const firstSteps: readonly FirstStep<TelegramSettings>[] = [
  {
    title: { en: 'Paste the token of a bot', es: 'Pegue el token de un bot', ru: 'Вставьте токен бота' },
    text: {
      en: 'In Telegram write /newbot to @BotFather and answer its questions. Add a bot here and paste the token that you get.',
      es: 'En Telegram escriba /newbot a @BotFather y responda a sus preguntas. Añada aquí un bot y pegue el token recibido.',
      ru: 'В Telegram напишите @BotFather команду /newbot и ответьте на вопросы. Добавьте здесь бота и вставьте полученный токен.',
    },
    section: SECTIONS.connect.code,
    isDone: ({ bots }) => bots.length > 0,
  },
  {
    title: { en: 'The webhook makes itself', es: 'El webhook se crea solo', ru: 'Вебхук создаётся сам' },
    text: {
      en: 'Once the token is saved, Telegram is told where to send messages. If another program receives them, you are asked first.',
      es: 'Al guardar el token se indica a Telegram adónde enviar los mensajes. Si los recibe otro programa, se le preguntará antes.',
      ru: 'После сохранения токена Telegram узнаёт, куда отправлять сообщения. Если их получает другая программа, мы сначала спросим.',
    },
    section: SECTIONS.connect.code,
    sign: 'set-up',
  },
  {
    title: { en: 'Write to your bot', es: 'Escriba a su bot', ru: 'Напишите своему боту' },
    text: {
      en: 'Open the bot in Telegram, press Start and write. The message appears in the dialogues of the CRM: answer it there.',
      es: 'Abra el bot en Telegram, pulse Iniciar y escriba. El mensaje aparece en los diálogos del CRM: responda allí.',
      ru: 'Откройте бота в Telegram, нажмите «Старт» и напишите. Сообщение появится в диалогах CRM: ответьте там.',
    },
    sign: 'used',
  },
];
