import type { Problem } from './form-values.js';

/** What the page says, in the account's language; `{n}` and other names in braces are filled in. */
export type PageText =
  | 'loading'
  | 'nothing'
  | 'saving'
  | 'saved'
  | 'warned'
  | 'check'
  | 'ended'
  | 'unreachable'
  | 'mustHint'
  | 'choose'
  | 'lines'
  | 'json'
  | 'add'
  | 'remove'
  | 'none'
  | 'newRow'
  | 'isSet'
  | 'forget'
  | 'copied'
  | 'startFrom'
  | 'filledIn'
  | 'checking'
  | 'isAccount'
  | 'accepted'
  | 'notSavedYet'
  | 'away'
  | 'awayNow'
  | 'wrong'
  | 'checkedAt'
  | 'hooked'
  | 'conflict'
  | 'askReplace'
  | 'replace'
  | 'leave'
  | 'left'
  | 'manual'
  | 'events'
  | 'copy'
  | 'lookAgain'
  | 'notSetUp'
  | 'tryAgain'
  | 'open'
  | 'isOpen'
  | 'rename'
  | 'save'
  | 'cancel'
  | 'newName'
  | 'nameHint'
  | 'name'
  | 'added'
  | 'renamed'
  | 'askRemove'
  | 'keep'
  | 'removed'
  | `state.${'active' | 'inactive' | 'frozen' | 'pending'}`
  | 'refused'
  | 'noList'
  | 'noMatch'
  | 'searching'
  | 'more'
  | `problem.${Problem['kind']}`;

/** What the server writes into the page for its script. */
export interface PageData {
  /** Bearer token of the settings API; it lives in memory only. */
  token: string;
  language: 'en' | 'es' | 'ru';
  /** Whose settings these are, of a module of several providers; the ids of its elements end in it. */
  provider?: string;
  texts: Readonly<Record<PageText, string>>;
}
