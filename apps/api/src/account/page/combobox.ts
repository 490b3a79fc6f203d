import { CLOSED, type ComboboxState, openList, pressKey } from './combobox-state.js';
import { make, nextId } from './dom.js';
import { FieldSearch, type Found, type LookupItem, type Lookups } from './lookups.js';
import type { PageData } from './page-data.js';
import { fillIn } from './service-state.js';

/** Milliseconds without a key before what was typed is searched for. */
const TYPING_MS = 250;
/** Milliseconds after which a search is said to go on. */
const SLOW_MS = 500;

/** What a combobox needs. */
export interface ComboboxOptions {
  /** Name of the lookup. */
  lookup: string;
  /** What the list is called for those who do not see it. */
  title: string;
  lookups: Lookups;
  texts: PageData['texts'];
}

/**
 * Makes the input search with a lookup as it is typed (WAI-ARIA's combobox with a list). `box` holds it and
 * its list; `line` says what the value is called, or why there is nothing to choose from.
 */
export function makeCombobox(
  input: HTMLInputElement,
  { lookup, title, lookups, texts }: ComboboxOptions,
): { box: HTMLElement; line: HTMLElement } {
  const list = make('ul', { id: nextId(), role: 'listbox', ariaLabel: title, hidden: true });
  const line = make('p', { id: nextId(), className: 'found' });
  const box = make('div', { className: 'combo' }, input, make('span', { className: 'arrow', ariaHidden: 'true', textContent: '▾' }), list);
  const search = new FieldSearch((term, signal) => (term === '' ? lookups.list(lookup) : lookups.search(lookup, term, signal)));
  let state = CLOSED;
  let reason = '';
  let isChoosing = false;
  let slow: ReturnType<typeof setTimeout> | undefined;

  const say = (message: string, isName = false): void => {
    line.textContent = message;
    line.classList.toggle('good', isName);
  };

  const describe = (): void => {
    const item = lookups.find(lookup, input.value);
    if (reason || !item) say(reason);
    else say(describeItem(item, input.value), true);
  };

  const show = (next: ComboboxState): void => {
    const isNew = next.items !== state.items;
    state = next;
    list.hidden = !state.isOpen;
    if (isNew) list.replaceChildren(...state.items.map(renderOption));
    for (const [index, option] of [...list.children].entries()) option.ariaSelected = String(index === state.active);
    const active = list.children[state.active];
    input.ariaExpanded = String(state.isOpen);
    if (active) input.setAttribute('aria-activedescendant', active.id);
    else input.removeAttribute('aria-activedescendant');
    if (isNew && state.isOpen) place();
    active?.scrollIntoView({ block: 'nearest' });
  };

  /** Keeps the list within the page, and in sight. */
  const place = (): void => {
    list.classList.remove('end');
    list.classList.toggle('end', list.getBoundingClientRect().right > document.documentElement.clientWidth);
    list.scrollTop = 0;
    list.scrollIntoView({ block: 'nearest' });
  };

  const renderOption = (item: LookupItem): HTMLElement => {
    const option = make('li', { id: nextId(), role: 'option' }, make('span', { textContent: item.label }));
    const more = [String(item.value) === item.label ? '' : String(item.value), item.hint].filter(Boolean).join(' · ');
    if (more) option.append(make('small', { textContent: more }));
    option.addEventListener('click', () => {
      show(CLOSED);
      choose(item);
    });
    return option;
  };

  const choose = (item: LookupItem): void => {
    isChoosing = true;
    input.value = String(item.value);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    isChoosing = false;
    describe();
  };

  const stop = (): void => {
    clearTimeout(slow);
    search.stop();
  };

  const find = (term: string, pauseMs: number, open: (found: Found) => void): void => {
    stop();
    slow = setTimeout(() => say(texts.searching), pauseMs + SLOW_MS);
    search.start(term, pauseMs, (answer) => {
      clearTimeout(slow);
      reason = 'reason' in answer ? fillIn(texts.noList, { reason: answer.reason }) : '';
      describe();
      if ('items' in answer) open(answer);
      else show(CLOSED);
    });
  };

  /** Opens the list once its items are there. */
  const open = (term: string, pauseMs: number, isByKey: boolean): void =>
    find(term, pauseMs, ({ items, more }) => {
      show(openList(items, input.value, isByKey));
      if (items.length === 0) say(texts.noMatch);
      else if (more) say(texts.more);
    });

  /** What stands in the field is searched for, unless it was found already. */
  const openAll = (isByKey: boolean): void => open(lookups.find(lookup, input.value) ? '' : input.value, 0, isByKey);

  Object.assign(input, { role: 'combobox', ariaAutoComplete: 'list', ariaExpanded: 'false', ariaHasPopup: 'listbox' });
  input.setAttribute('aria-controls', list.id);
  input.addEventListener('input', () => {
    if (isChoosing) return;
    describe();
    open(input.value, TYPING_MS, false);
  });
  input.addEventListener('focus', () => {
    line.ariaLive = 'polite';
    find('', 0, () => undefined);
  });
  input.addEventListener('click', () => {
    if (!state.isOpen) openAll(false);
  });
  input.addEventListener('keydown', (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const { state: next, chosen, opens, isTaken } = pressKey(state, event.key);
    if (event.key === 'Escape') stop();
    if (isTaken) event.preventDefault();
    if (next !== state) show(next);
    if (chosen) choose(chosen);
    else if (state === CLOSED && isTaken) describe();
    if (opens) openAll(true);
  });
  input.addEventListener('blur', () => {
    stop();
    show(CLOSED);
    describe();
    line.ariaLive = null;
  });
  // The focus stays in the input, also while the list is scrolled.
  list.addEventListener('mousedown', (event) => event.preventDefault());
  void lookups.load(lookup, input.value).then(() => {
    if (document.activeElement !== input) describe();
  });
  return { box, line };
}

/** What a value is called; nothing that stands in the field anyway. */
function describeItem({ label, hint }: LookupItem, value: string): string {
  return [label === value.trim() ? '' : label, hint].filter(Boolean).join(' · ');
}
