import { fillIn, type LocalText } from '#platform';
import { texts } from '../delivery.texts.js';
import type { RuleConditions } from './rules.dto.js';

const CONDITION_NAMES: Readonly<Record<keyof RuleConditions, LocalText>> = texts.rules.conditions;

/** Explains why a rule does not fit. `present`: undefined if the CRM does not send the fact. */
export function describeUnfulfilled(condition: keyof RuleConditions, wanted: string, present: string | undefined): LocalText {
  const name = CONDITION_NAMES[condition];
  return present === undefined
    ? fillIn(texts.rules.unknownCondition, { condition: name })
    : fillIn(texts.rules.otherCondition, { condition: name, present, wanted });
}
