/** The setup at the provider's service, as shown on the page. Does not depend on a browser. */
import type { Language } from '../../kit/language.js';
import { keepReadable } from './own-words.js';
import type { SaySetup } from './setup-texts.js';

/** Messages by path of the settings. The path `''` stands for the settings as a whole. */
export type Messages = Readonly<Record<string, string>>;

/** The result of a check of settings. */
export interface CheckView {
  state: 'ok' | 'errors' | 'away' | 'empty';
  account?: string;
  errors?: Messages;
  warnings?: Messages;
  /** Why the service could not be called, or what is missing in the settings. */
  message?: string;
  /** ISO 8601. */
  at: string;
}

/** A step that only the user can take at the service. */
export interface ManualStep {
  about?: string;
  address: string;
  events?: readonly string[];
  text: string;
}

/** The setup at the service, as the settings API describes it. */
export interface ProviderSetupView {
  state: 'unset' | 'connected' | 'conflict' | 'manual' | 'failed' | 'removed';
  check?: CheckView;
  conflict?: readonly { about?: string; address: string }[];
  manual?: readonly ManualStep[];
  warnings?: Messages;
  problem?: string;
}

/** One sentence and its tone. */
export interface Line {
  text: string;
  tone: 'good' | 'bad' | '';
}

/** The parts of the page about a service. */
export interface ProviderSetupPanel {
  lines: Line[];
  steps: readonly ManualStep[];
  /** The action offered: replace the setup of others, check the user's steps, or try again. */
  action?: 'replace' | 'lookAgain' | 'tryAgain';
}

/** Describes a service. `hasLeft`: the user wants to keep the setup of others. */
export function describeSetup(
  { state, check, conflict = [], manual = [], problem }: ProviderSetupView,
  say: SaySetup,
  hasLeft = false,
): ProviderSetupPanel {
  const lines = check ? [describeStoredCheck(check, say)] : [];
  const add = (text: string, tone: Line['tone']): void => void lines.push({ text, tone });
  switch (state) {
    case 'connected':
      add(say('hooked'), !check || check.state === 'ok' ? 'good' : '');
      return { lines, steps: [] };
    case 'conflict':
      for (const { about, address } of conflict) add(say('conflict', { address: about ? `${address} (${about})` : address }), 'bad');
      add(hasLeft ? say('left') : say('askReplace'), '');
      return { lines, steps: [], action: 'replace' };
    case 'manual':
      return { lines, steps: manual, action: 'lookAgain' };
    case 'failed':
      add(say('notSetUp', { why: explain(problem) }), 'bad');
      return { lines, steps: [], action: 'tryAgain' };
    default:
      return { lines, steps: [] };
  }
}

/** Describes the check that the user just started. `isSaved`: the checked settings are the stored ones. */
export function describeCheck(check: CheckView, say: SaySetup, isSaved: boolean): Line {
  switch (check.state) {
    case 'ok': {
      const { text, tone } = describeStoredCheck(check, say);
      return { text: isSaved ? text : `${text} ${say('notSavedYet')}`, tone };
    }
    case 'errors':
    case 'empty':
      return describeStoredCheck(check, say);
    case 'away':
      return { text: say('awayNow', { why: quote(check.message) }), tone: 'bad' };
  }
}

/**
 * Describes a save. `marked`: fields have warnings, in these sections if any are named. Settings that the
 * service rejects are never shown as good.
 */
export function describeSaved(
  { state, check, problem }: Partial<ProviderSetupView>,
  marked: readonly string[] | undefined,
  say: SaySetup,
): Line {
  if (check?.state === 'errors') return { text: sayRefused('savedWrong', check, say), tone: 'bad' };
  if (check?.state === 'away') return describeStoredCheck(check, say);
  if (state === 'failed') return { text: say('savedNotSetUp', { why: explain(problem) }), tone: 'bad' };
  const saved = marked ? say('warned', { where: marked.length > 0 ? `: ${marked.join(', ')}` : '' }) : say('saved');
  return { text: check?.account ? `${saved} ${describeStoredCheck(check, say).text}` : saved, tone: 'good' };
}

/** Leaves out reasons that cannot be read on a page in this language. */
export function leaveReadable(view: ProviderSetupView, language: Language): ProviderSetupView {
  const { check, problem, ...rest } = view;
  const readable = keepReadable(problem, language);
  return { ...rest, ...(check && { check: leaveReadableCheck(check, language) }), ...(readable !== undefined && { problem: readable }) };
}

/** Does the same as `leaveReadable` for a check. */
export function leaveReadableCheck({ message, ...check }: CheckView, language: Language): CheckView {
  const readable = keepReadable(message, language);
  return { ...check, ...(readable !== undefined && { message: readable }) };
}

/** Joins messages. Different messages for the same path are all kept. */
export function joinMessages(...all: (Messages | undefined)[]): Messages {
  const joined = new Map<string, string>();
  for (const [path, message] of all.flatMap((messages = {}) => Object.entries(messages))) {
    const known = joined.get(path);
    if (!known?.includes(message)) joined.set(path, known === undefined ? message : `${known}; ${message}`);
  }
  return Object.fromEntries(joined);
}

/** Describes settings that the service rejects. Points to marked fields only if an error belongs to one. */
function sayRefused(key: 'wrong' | 'savedWrong', { errors = {} }: Pick<CheckView, 'errors'>, say: SaySetup): string {
  const isMarked = Object.keys(errors).some((path) => path !== '');
  return isMarked ? `${say(key)} ${say('correct')}` : say(key);
}

function describeStoredCheck({ state, account, message, errors = {} }: CheckView, say: SaySetup): Line {
  if (state === 'errors') return { text: sayRefused('wrong', { errors }, say), tone: 'bad' };
  if (state === 'empty') return { text: say('empty', { why: explain(message) }), tone: '' };
  if (state === 'away') return { text: say('away', { why: quote(message) }), tone: 'bad' };
  return { text: account ? `${trimStop(say('isAccount', { account }))}.` : say('accepted'), tone: 'good' };
}

/** Returns a reason in brackets, or an empty text. */
function quote(reason: string | undefined): string {
  return reason ? ` (${trimStop(reason)})` : '';
}

/** Returns a reason after a colon, or an empty text. */
function explain(reason: string | undefined): string {
  return reason ? `: ${trimStop(reason)}` : '';
}

/** Prepares a sentence for use within another sentence. */
function trimStop(sentence: string): string {
  return sentence.replace(/\.\s*$/, '');
}
