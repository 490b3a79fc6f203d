import { makeCombobox } from './combobox.js';
import { make, nextId } from './dom.js';
import {
  buildItem,
  buildRow,
  type ChoicesEntry,
  type Entry,
  type FieldSpec,
  findEntries,
  findProblems,
  type GroupEntry,
  type ItemsEntry,
  type ListEntry,
  listCodes,
  type Problem,
  type SecretEntry,
  summarise,
  type SwitchEntry,
  type TextEntry,
} from './form-values.js';
import type { Lookups } from './lookups.js';
import type { PageData, PageText } from './page-data.js';
import { fillIn, type Messages } from './service-state.js';

/** Where an entry is on the page. */
interface Place {
  /** Makes it visible, and returns what to focus. */
  reveal(): HTMLElement;
  error: HTMLElement;
}

/**
 * Up to this many rows of a list, or of a list within a row, start open; a folded row is built when opened.
 */
const OPEN_ROWS = { list: 3, within: 1 };
/** Fields of a row that stand side by side. */
const MOST_COLUMNS = 4;
const LONG_TEXT = 500;
const MOST_LINES = 12;
/** How a row of an ordered list is moved. */
const MOVES = [
  { key: 'up', by: -1, sign: '↑' },
  { key: 'down', by: 1, sign: '↓' },
] as const;

/** A form on the page: shows entries, and says at each what is wrong with it. */
export interface FormView {
  /** Makes the elements of a form, which replaces the one before. */
  render(form: GroupEntry): HTMLElement[];
  /** Puts messages at the fields they are about. Returns those whose field the page does not show. */
  markAll(messages: Messages, kind?: 'error' | 'warning'): string[];
  /** Marks what the page itself knows to be wrong; false when there is something. */
  isFilledIn(): boolean;
  /** Focuses the first field with an error. */
  focusFirst(): void;
}

/** Makes the view of a form that is shown within an element. */
export function makeFormView(
  fields: HTMLElement,
  { language, texts, lookups }: Pick<PageData, 'language' | 'texts'> & { lookups: Lookups },
): FormView {
  const places = new Map<Entry, Place>();
  let root: GroupEntry | undefined;

  const text = (key: PageText): string => texts[key];
  const describeProblem = ({ kind, limit = 0 }: Problem): string => fillIn(texts[`problem.${kind}`], { n: limit });

  const markAll = (messages: Messages, kind: 'error' | 'warning' = 'error'): string[] => {
    const elsewhere: string[] = [];
    for (const [path, message] of Object.entries(messages)) {
      const { trail, rest } = root ? findEntries(root, path) : { trail: [], rest: [path] };
      if (!mark(trail, [...(rest.length > 0 ? [rest.join('.')] : []), message].join(' '), kind))
        elsewhere.push(`${path} ${message}`.trim());
    }
    return elsewhere;
  };

  /** Puts a message at the last entry of the way to it; false when the page shows none of them. */
  const mark = (trail: readonly Entry[], message: string, kind: 'error' | 'warning' = 'error'): boolean => {
    let place: Place | undefined;
    for (const entry of trail) {
      place = places.get(entry) ?? place;
      place?.reveal();
    }
    if (!place) return false;
    place.error.textContent = message.charAt(0).toUpperCase() + message.slice(1);
    place.error.classList.toggle('warning', kind === 'warning');
    const target = place.reveal();
    if (kind === 'error' && target.matches('input, select, textarea')) target.setAttribute('aria-invalid', 'true');
    return true;
  };

  const focusFirst = (): void => {
    const first = [...fields.querySelectorAll('.error:not(.warning)')].find((error) => error.textContent !== '');
    [...places.values()]
      .find(({ error }) => error === first)
      ?.reveal()
      .focus();
  };

  const clearErrors = (): void => {
    for (const error of fields.querySelectorAll('.error')) error.textContent = '';
    for (const control of fields.querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid');
  };

  const isFilledIn = (): boolean => {
    clearErrors();
    const problems = root ? findProblems(root) : new Map<Entry, Problem>();
    for (const [entry, problem] of problems) mark(root ? findTrail(root, entry) : [], describeProblem(problem));
    if (problems.size === 0) return true;
    focusFirst();
    return false;
  };

  const renderEntry = (entry: Entry): HTMLElement => {
    switch (entry.kind) {
      case 'group':
        return renderGroup(entry);
      case 'list':
        return renderList(entry);
      case 'items':
        return renderItems(entry);
      case 'choices':
        return renderChoices(entry);
      case 'switch':
        return renderSwitch(entry);
      case 'secret':
        return renderSecret(entry);
      default:
        return renderText(entry);
    }
  };

  /** Renders the lines around a control: its hint and its error, which describe the control. */
  const renderLines = (entry: Entry, control: HTMLElement, ...more: string[]): HTMLElement[] => {
    const { hint } = entry.field;
    const hints = [...(hint ? [hint[language]] : []), ...more].map((line) =>
      make('p', { className: 'hint', id: nextId(), textContent: line }),
    );
    const error = make('p', { className: 'error', id: nextId() });
    control.setAttribute('aria-describedby', [...hints, error].map(({ id }) => id).join(' '));
    places.set(entry, { reveal: () => control, error });
    return [...hints, error];
  };

  const renderLabel = ({ title, required }: FieldSpec, control: HTMLElement): HTMLElement => {
    control.id = nextId();
    const label = make('label', { htmlFor: control.id, textContent: title[language] });
    if (required) {
      label.append(make('span', { className: 'must', textContent: ' *', ariaHidden: 'true' }));
      control.setAttribute('aria-required', 'true');
    }
    return label;
  };

  const renderText = (entry: TextEntry): HTMLElement => {
    const { field, kind } = entry;
    if (field.lookup !== undefined) return renderSearched(entry, field.lookup);
    if (field.codesOf !== undefined) return renderNamed(entry, field.codesOf);
    const control = kind === 'choice' ? renderSelect(entry) : renderInput(entry);
    control.addEventListener('input', () => (entry.text = control.value));
    const label = renderLabel(field, control);
    const lines = renderLines(entry, control, ...(kind === 'lines' || kind === 'json' ? [text(kind)] : []));
    if (!field.unit) return make('div', { className: 'field' }, label, control, ...lines);
    const unit = make('span', { className: 'unit', id: nextId(), textContent: field.unit[language] });
    control.setAttribute('aria-describedby', `${unit.id} ${control.getAttribute('aria-describedby') ?? ''}`);
    return make('div', { className: 'field' }, label, make('div', { className: 'measured' }, control, unit), ...lines);
  };

  /** A text or number that a lookup finds: it is typed, or chosen from what was found. */
  const renderSearched = (entry: TextEntry, lookup: string): HTMLElement => {
    const { field } = entry;
    const control = make('input', { value: entry.text, placeholder: describeDefault(field), autocomplete: 'off', spellcheck: false });
    control.addEventListener('input', () => (entry.text = control.value));
    const title = field.title[language];
    const { box, line } = makeCombobox(control, { lookup, title, lookups, texts });
    // Items of a list are named by their number.
    const label = field.name === '' ? [] : [renderLabel(field, control)];
    const lines = renderLines(entry, control);
    control.setAttribute('aria-describedby', `${line.id} ${control.getAttribute('aria-describedby') ?? ''}`);
    return make('div', { className: 'field' }, ...label, box, line, ...lines);
  };

  /** The code of an item of another list of the form, as it stands there now: chosen, or typed. */
  const renderNamed = (entry: TextEntry, list: string): HTMLElement => {
    const { field } = entry;
    const known = make('datalist', { id: nextId() });
    const control = make('input', { value: entry.text, autocomplete: 'off', spellcheck: false });
    control.setAttribute('list', known.id);
    control.addEventListener('input', () => (entry.text = control.value));
    control.addEventListener('focus', () => {
      known.replaceChildren(...(root ? listCodes(root, list) : []).map((value) => make('option', { value })));
    });
    return make('div', { className: 'field' }, renderLabel(field, control), control, known, ...renderLines(entry, control));
  };

  const describeDefault = ({ default: value }: FieldSpec): string =>
    value === undefined || typeof value === 'object' ? '' : String(value);

  const renderInput = ({ field, kind, text: value }: TextEntry): HTMLInputElement | HTMLTextAreaElement => {
    if (kind === 'lines' || kind === 'json' || value.includes('\n') || (field.maxLength ?? 0) > LONG_TEXT) {
      const rows = Math.min(MOST_LINES, Math.max(3, value.split('\n').length + 1));
      return make('textarea', { value, rows, spellcheck: false, className: kind === 'json' ? 'code' : '' });
    }
    const inputMode = kind === 'number' ? 'decimal' : field.format === 'email' ? 'email' : field.format === 'uri' ? 'url' : 'text';
    return make('input', { value, inputMode, placeholder: describeDefault(field), autocomplete: 'off', className: kind });
  };

  const renderSelect = ({ field, text: value }: TextEntry): HTMLSelectElement => {
    const choices = (field.choices ?? []).map((choice) => ({ value: String(choice.value), title: choice.title[language] }));
    if (!choices.some((choice) => choice.value === value))
      choices.unshift({ value, title: value || (field.required ? text('choose') : '—') });
    else if (!field.required && field.default === undefined) choices.unshift({ value: '', title: '—' });
    const options = choices.map((choice) => make('option', { value: choice.value, textContent: choice.title }));
    const select = make('select', {}, ...options);
    select.value = value;
    return select;
  };

  const renderSwitch = (entry: SwitchEntry): HTMLElement => {
    const box = make('input', { type: 'checkbox', checked: entry.on, id: nextId() });
    box.addEventListener('input', () => (entry.on = box.checked));
    const label = make('label', { className: 'check' }, box, entry.field.title[language]);
    return make('div', { className: 'field' }, label, ...renderLines(entry, box));
  };

  const renderSecret = (entry: SecretEntry): HTMLElement => {
    const control = make('input', { type: 'password', autocomplete: 'new-password', placeholder: entry.isSet ? '••••••••' : '' });
    control.addEventListener('input', () => (entry.text = control.value));
    const label = renderLabel(entry.field, control);
    const lines = renderLines(entry, control, ...(entry.isSet ? [text('isSet')] : []));
    if (!entry.isSet || entry.field.required) return make('div', { className: 'field' }, label, control, ...lines);
    const box = make('input', { type: 'checkbox' });
    box.addEventListener('input', () => (control.disabled = entry.forget = box.checked));
    const forget = make('label', { className: 'check' }, box, text('forget'));
    return make('div', { className: 'field' }, label, control, ...lines, forget);
  };

  const renderChoices = (entry: ChoicesEntry): HTMLElement => {
    const boxes = (entry.field.item?.choices ?? []).map(({ value, title }) => {
      const box = make('input', { type: 'checkbox', value: String(value), checked: entry.chosen.includes(String(value)) });
      return { box, label: make('label', { className: 'check' }, box, title[language]) };
    });
    const group = renderSet(entry.field, ...boxes.map(({ label }) => label));
    group.addEventListener('input', () => (entry.chosen = boxes.filter(({ box }) => box.checked).map(({ box }) => box.value)));
    group.append(...renderLines(entry, group));
    group.tabIndex = -1;
    return group;
  };

  const renderGroup = (entry: GroupEntry): HTMLElement => {
    const group = renderSet(entry.field);
    group.append(...renderLines(entry, group), ...entry.entries.map(renderEntry));
    group.tabIndex = -1;
    return group;
  };

  const renderSet = ({ title }: FieldSpec, ...children: HTMLElement[]): HTMLFieldSetElement =>
    make('fieldset', {}, make('legend', { textContent: title[language] }), ...children);

  const renderList = (entry: ListEntry): HTMLElement => {
    const { field, rows } = entry;
    const isOpen = rows.length <= (field.path.includes('[]') ? OPEN_ROWS.within : OPEN_ROWS.list);
    return renderRows(entry, {
      build: () => buildRow(field),
      render: (row, remove, isNew) => (isCompact(field) ? compactRow(row, remove) : foldedRow(row, remove, isOpen || isNew)),
      summarise: (row) => summarise(row, language),
    });
  };

  const renderItems = (entry: ItemsEntry): HTMLElement =>
    renderRows(entry, {
      build: () => buildItem(entry.field),
      render: (row, remove) => make('div', { className: 'row item', role: 'group' }, renderEntry(row), remove),
      summarise: ({ text }) => text.trim(),
    });

  /** Rows that can be added and removed; each is called by its number and what is in it. */
  const renderRows = <Row extends Entry>(
    entry: { field: FieldSpec; rows: Row[] } & Entry,
    how: { build: () => Row; render: (row: Row, remove: HTMLElement, isNew: boolean) => HTMLElement; summarise: (row: Row) => string },
  ): HTMLElement => {
    const { field } = entry;
    const title = field.title[language];
    const list = make('div', { className: 'rows' });
    const none = make('p', { className: 'hint', textContent: text('none') });
    const add = make('button', { type: 'button', className: 'plain', textContent: text('add'), ariaLabel: `${text('add')}: ${title}` });
    const names: (() => void)[] = [];
    const changed = (): void => {
      names.forEach((name) => name());
      none.hidden = entry.rows.length > 0;
      add.disabled = entry.rows.length >= (field.maxItems ?? Infinity);
    };
    const append = (row: Row, isNew: boolean): HTMLElement => {
      const remove = make('button', { type: 'button', className: 'plain remove', textContent: '×', title: text('remove') });
      const view = how.render(row, remove, isNew);
      const name = (): void => {
        const number = `${entry.rows.indexOf(row) + 1}`;
        remove.ariaLabel = [text('remove'), title, number, how.summarise(row)].filter(Boolean).join(' ');
        for (const { key, button } of moves) button.ariaLabel = `${text(key)}: ${title} ${number}`;
        view.ariaLabel = `${title} ${number}`;
        const summary = view.querySelector(':scope > summary');
        if (summary) summary.textContent = `${number}. ${how.summarise(row) || text('newRow')}`;
        const item = view.querySelector<HTMLElement>(':scope > .field > .combo > input:not([id])');
        if (item) item.ariaLabel = `${title} ${number}`;
      };
      const moves = (field.ordered ? MOVES : []).map(({ key, by, sign }) => {
        const button = make('button', { type: 'button', className: 'plain', textContent: sign, title: text(key) });
        button.addEventListener('click', () => {
          const from = entry.rows.indexOf(row);
          const other = list.children[from + by];
          if (!other) return;
          entry.rows.splice(from + by, 0, ...entry.rows.splice(from, 1));
          if (by < 0) other.before(holder);
          else other.after(holder);
          changed();
          view.dispatchEvent(new Event('input', { bubbles: true }));
          button.focus();
        });
        return { key, button };
      });
      const holder =
        moves.length > 0
          ? make('div', { className: 'ordered' }, view, make('div', { className: 'moves' }, ...moves.map(({ button }) => button)))
          : view;
      remove.addEventListener('click', () => {
        entry.rows.splice(entry.rows.indexOf(row), 1);
        names.splice(names.indexOf(name), 1);
        holder.remove();
        changed();
        add.focus();
      });
      view.addEventListener('input', name);
      names.push(name);
      list.append(holder);
      return view;
    };
    for (const row of entry.rows) append(row, false);
    add.addEventListener('click', () => {
      const row = how.build();
      entry.rows.push(row);
      const view = append(row, true);
      changed();
      view.querySelector<HTMLElement>('input, select, textarea')?.focus();
    });
    changed();
    const set = renderSet(field);
    set.append(...renderLines(entry, add), none, list, add);
    return set;
  };

  /**
   * A row whose few fields stand side by side; only the first shows their titles where there is room for it.
   */
  const compactRow = (row: GroupEntry, remove: HTMLElement): HTMLElement => {
    const error = make('p', { className: 'error' });
    const view = make('div', { className: 'row', role: 'group' }, ...row.entries.map(renderEntry), remove, error);
    view.style.setProperty('--columns', String(row.entries.length));
    places.set(row, { reveal: () => view.querySelector<HTMLElement>('input, select, textarea') ?? view, error });
    return view;
  };

  /** A row that can be folded; what is in it is made when it is first opened. */
  const foldedRow = (row: GroupEntry, remove: HTMLElement, isOpen: boolean): HTMLElement => {
    const error = make('p', { className: 'error' });
    const summary = make('summary', {});
    const view = make('details', {}, summary, error);
    let isMade = false;
    const reveal = (): HTMLElement => {
      if (!isMade) view.append(...row.entries.map(renderEntry), remove);
      isMade = true;
      view.open = true;
      return summary;
    };
    remove.textContent = text('remove');
    view.addEventListener('toggle', () => {
      if (view.open) reveal();
    });
    if (isOpen) reveal();
    places.set(row, { reveal, error });
    return view;
  };

  return {
    render: (form) => {
      places.clear();
      root = form;
      return form.entries.map(renderEntry);
    },
    markAll,
    isFilledIn,
    focusFirst,
  };
}

/** Whether a list's rows are short enough to be lines of a table. */
function isCompact({ fields = [] }: FieldSpec): boolean {
  return (
    fields.length <= MOST_COLUMNS && fields.every(({ type, secret }) => !secret && ['text', 'number', 'integer', 'choice'].includes(type))
  );
}

/** Finds the way from one entry down to another. */
function findTrail(from: Entry, to: Entry): Entry[] {
  if (from === to) return [from];
  const inner = from.kind === 'group' ? from.entries : 'rows' in from ? from.rows : [];
  for (const entry of inner) {
    const trail = findTrail(entry, to);
    if (trail.length > 0) return [from, ...trail];
  }
  return [];
}
