import { type FormSection, makeFields } from '#platform/plain';
import { texts } from './port.texts.js';

const BOT_SECTION: FormSection = { code: 'bot', title: texts.sections.bot.title };
const bot = makeFields(BOT_SECTION);

/** Roles that a bot may have at the message gateway. */
export const BOT_ROLES = ['distributor', 'responsible', 'hidden'] as const;
export type BotRole = (typeof BOT_ROLES)[number];

/** A bot at the CRM's message gateway. Address and token are issued by the CRM. */
export interface ChatBot {
  active: boolean;
  /** Default: the name of the module. */
  name?: string;
  /** Default: none. */
  roles?: readonly BotRole[];
  /** Whether it answers customers, or only suggests replies to managers. Default: false. */
  answersCustomers?: boolean;
  /** Maximum number of answers to a customer in a dialogue, per hour. Default: 3. */
  answersPerHour?: number;
}

/** Settings of a bot at the message gateway. Settings of a provider with a bot extend them. */
export class BotSettings {
  @bot.flag(texts.settings.botEnabled) botEnabled: boolean = false;
  @bot.text(texts.settings.botName, { optional: true, maxLength: 255 }) botName?: string;
  @bot.flag(texts.settings.botAnswersCustomers) botAnswersCustomers: boolean = false;
  @bot.integer(texts.settings.botAnswersPerHour, { min: 1, max: 20 }) botAnswersPerHour: number = 3;
  @bot.choices(BOT_ROLES, { ...texts.settings.botRoles, choices: texts.roles }, { maxItems: 3, unique: true }) botRoles: BotRole[] = [];
}

/** Returns the bot of these settings, for a manifest's `describeBot`. */
export function describeBot(settings: BotSettings): ChatBot {
  const { botEnabled, botName, botAnswersCustomers, botAnswersPerHour, botRoles } = settings;
  return {
    ...{ active: botEnabled, ...(botName && { name: botName }), roles: botRoles },
    ...{ answersCustomers: botAnswersCustomers, answersPerHour: botAnswersPerHour },
  };
}
