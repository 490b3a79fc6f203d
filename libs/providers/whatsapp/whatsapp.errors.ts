import type { DeliveryCode, DeliveryFailure } from '#chat/port';
import { type LocalText, textFor } from '#platform';
import { cleanText, cutText, type ErrorRow, type Problem, quoteRefusal } from '#provider-kit';
import { texts } from './whatsapp.texts.js';

/** Meanings beyond the kinds of errors: too many messages to one person. */
export type Meaning = 'pair';

/** The meaning of an error code of Meta, in a reply or in a message's status. */
interface Code {
  codes: RegExp;
  /** As the reply of a call. Default: `rejected`. */
  meaning?: 'auth' | 'lost' | 'unavailable' | 'rate_limited' | 'invalid' | Meaning;
  /** The gateway's code for the message. Default: `general`. */
  delivery?: DeliveryCode;
  /** Missing: Meta's own words are quoted. */
  say?: LocalText;
}

/** Meta's codes, checked on 2026-12-02 against its list of errors. */
const CODES: readonly Code[] = [
  { codes: /^(0|3|10|190|2\d\d|131005)$/, meaning: 'auth' },
  // After a send it is unknown whether there will be a message.
  { codes: /^(1|131000)$/, meaning: 'lost' },
  { codes: /^(2|131016|131057|133004)$/, meaning: 'unavailable', say: texts.errors.away },
  { codes: /^(4|80007|130429|133016)$/, meaning: 'rate_limited', say: texts.errors.tooOften },
  { codes: /^131056$/, meaning: 'pair', say: texts.errors.tooOftenToOne },
  { codes: /^(33|100|131008|131009|131051)$/, meaning: 'invalid' },
  { codes: /^(368|131031)$/, delivery: 'access_restricted', say: texts.errors.blocked },
  { codes: /^130497$/, delivery: 'access_restricted', say: texts.errors.country },
  { codes: /^131021$/, say: texts.errors.ownNumber },
  { codes: /^131026$/, delivery: 'customer_not_exists', say: texts.errors.undeliverable },
  { codes: /^131037$/, say: texts.errors.displayName },
  { codes: /^131042$/, say: texts.errors.payment },
  { codes: /^131047$/, delivery: 'reply_timed_out', say: texts.errors.window },
  { codes: /^131048$/, delivery: 'spam_suspicion', say: texts.errors.spam },
  { codes: /^131049$/, delivery: 'spam_suspicion', say: texts.errors.marketingLimit },
  { codes: /^131050$/, delivery: 'spam_suspicion', say: texts.errors.optedOut },
  { codes: /^130472$/, delivery: 'spam_suspicion', say: texts.errors.experiment },
  { codes: /^13105[23]$/, say: texts.errors.file },
  { codes: /^131062$/, say: texts.errors.needsPhone },
  { codes: /^(132000|132012|132018)$/, say: texts.errors.templateValues },
  { codes: /^132001$/, say: texts.errors.noTemplate },
  { codes: /^132005$/, say: texts.errors.templateLength },
  { codes: /^132007$/, say: texts.errors.templatePolicy },
  { codes: /^132015$/, say: texts.errors.templatePaused },
  { codes: /^132016$/, say: texts.errors.templateDisabled },
  { codes: /^(131045|133000|133006|133010|133015)$/, say: texts.errors.notRegistered },
];

/** The error table of the API. */
export const ERRORS: readonly ErrorRow<Meaning>[] = [
  ...CODES.map(({ codes, meaning, say }): ErrorRow<Meaning> => {
    return [codes, meaning ?? 'rejected', { ...(say && { say }), ...(meaning === 'pair' && { as: 'rate_limited' }) }];
  }),
  // Unknown, but passing in Meta's own words.
  [({ problems }) => problems.some(({ field }) => field === 'transient'), 'lost'],
];

const EXTERNAL_LENGTH = 100;

/** Returns why a message was not sent, for the gateway. `problems`: of a refusal, or of a failed status. */
export function toFailure(problems: readonly Problem[], language: string): DeliveryFailure {
  const [{ code = '', message } = {}] = problems;
  const known = CODES.find(({ codes }) => codes.test(String(code)));
  return {
    code: known?.delivery ?? 'general',
    text: known?.say ? textFor(known.say, language) : quoteRefusal('WhatsApp', [message], String(code)),
    externalCode: cutText(cleanText(`${code} ${message ?? ''}`), EXTERNAL_LENGTH),
  };
}
