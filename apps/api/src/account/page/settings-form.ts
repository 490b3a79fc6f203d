import {
  type ChoicesEntry,
  findEntries,
  type Entry,
  type FieldSpec,
  buildForm,
  type GroupEntry,
  type Json,
  type ListEntry,
  type Problem,
  findProblems,
  buildRow,
  type SecretEntry,
  summarise,
  type SwitchEntry,
  type TextEntry,
  readValue,
} from './form-values.js';
import type { PageData, PageText } from './page-data.js';

/** Where an entry is on the page. */
interface Place {
  /** Makes it visible, and returns what to focus. */
  reveal(): HTMLElement;
  error: HTMLElement;
}

/** Settings to start from. */
interface Preset {
  title: Record<PageData['language'], string>;
  values: { [name: string]: Json };
}

interface SettingsReply {
  schema: { fields: FieldSpec[]; presets?: Preset[] };
  values: Json;
  /** What the connection does not do yet. */
  missing?: string;
  warnings?: { [path: string]: string };
}

interface Refusal {
  errorMsg?: string;
  errors?: { [path: string]: string };
}

/**
 * Up to this many rows of a list, or of a list within a row, start open; a folded row is built when opened.
 */
const OPEN_ROWS = { list: 3, within: 1 };
/** Fields of a row that stand side by side. */
const MOST_COLUMNS = 4;
const LONG_TEXT = 500;
const MOST_LINES = 12;

/**
 * Shows the settings as a form and saves them. The document holds `#form`, `#fields`, `#save` and `#note`;
 * `#copy` and `#webhook` are optional.
 */
export function openForm({ token, language, texts }: PageData): void {
  const form = byId<HTMLFormElement>('form');
  const fields = byId<HTMLFieldSetElement>('fields');
  const save = byId<HTMLButtonElement>('save');
  const note = byId<HTMLElement>('note');
  const places = new Map<Entry, Place>();
  let root: GroupEntry | undefined;
  let saved = '';
  let lastId = 0;

  const write = (): string => JSON.stringify(root ? readValue(root) : {});
  const text = (key: PageText, limit?: number): string => texts[key].replace('{n}', String(limit));
  const describeProblem = (problem: Problem): string => text(`problem.${problem.kind}`, problem.limit);

  const say = (message: string, tone: 'good' | 'bad' | '' = ''): void => {
    note.textContent = message;
    note.className = tone;
  };

  /** Returns the reply, or shows what went wrong. */
  const ask = async (init: RequestInit): Promise<SettingsReply | undefined> => {
    const address = `${location.pathname.replace(/\/+$/, '')}/api/settings`;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const reply = await fetch(address, { ...init, headers }).catch(() => undefined);
    const body = (await reply?.json().catch(() => undefined)) as SettingsReply | Refusal | undefined;
    if (reply?.ok && body) return body as SettingsReply;
    if (reply?.status === 401) say(text('ended'), 'bad');
    else if (!reply || !body) say(text('unreachable'), 'bad');
    else refuse(body as Refusal);
    return undefined;
  };

  const show = ({ schema, values, warnings = {}, missing }: SettingsReply): void => {
    root = buildForm(schema.fields, values);
    saved = write();
    fill(schema, root, missing);
    save.hidden = schema.fields.length === 0;
    markAll(warnings);
  };

  const fill = (schema: SettingsReply['schema'], form: GroupEntry, missing?: string): void => {
    places.clear();
    const { presets = [] } = schema;
    const hint = schema.fields.length > 0 ? text('mustHint') : text('nothing');
    fields.replaceChildren(
      ...(missing ? [make('p', { className: 'notice', textContent: missing })] : []),
      ...(presets.length > 0 ? [presetsView(schema, presets, missing)] : []),
      make('p', { className: 'hint', textContent: hint }),
      ...form.entries.map(renderEntry),
    );
  };

  /** A button for each: it fills the form, and what is filled in is kept when the form is saved. */
  const presetsView = (schema: SettingsReply['schema'], presets: Preset[], missing?: string): HTMLElement => {
    const buttons = presets.map(({ title, values }) => {
      const button = make('button', { type: 'button', className: 'plain', textContent: title[language] });
      button.addEventListener('click', () => {
        if (!root) return;
        const fresh = buildForm(schema.fields, values).entries;
        root.entries = root.entries.map((entry, index) => ((schema.fields[index]?.name ?? '') in values ? (fresh[index] ?? entry) : entry));
        fill(schema, root, missing);
        say(text('filledIn').replace('{name}', title[language]), 'good');
      });
      return button;
    });
    return make('p', { className: 'presets' }, text('startFrom'), ...buttons);
  };

  /** Puts messages at the fields they are about. Returns those whose field the page does not show. */
  const markAll = (messages: { [path: string]: string }): string[] => {
    const elsewhere: string[] = [];
    for (const [path, message] of Object.entries(messages)) {
      const { trail, rest } = root ? findEntries(root, path) : { trail: [], rest: [path] };
      if (!mark(trail, [...(rest.length > 0 ? [rest.join('.')] : []), message].join(' '))) elsewhere.push(`${path} ${message}`);
    }
    return elsewhere;
  };

  const refuse = ({ errorMsg, errors = {} }: Refusal): void => {
    const elsewhere = markAll(errors);
    if (Object.keys(errors).length === elsewhere.length) say([errorMsg, ...elsewhere].filter(Boolean).join('\n'), 'bad');
    else say([text('check'), ...elsewhere].join('\n'), 'bad');
    focusFirst();
  };

  /** Puts a message at the last entry of the way to it; false when the page shows none of them. */
  const mark = (trail: readonly Entry[], message: string): boolean => {
    let place: Place | undefined;
    for (const entry of trail) {
      place = places.get(entry) ?? place;
      place?.reveal();
    }
    if (!place) return false;
    place.error.textContent = message.charAt(0).toUpperCase() + message.slice(1);
    const target = place.reveal();
    if (target.matches('input, select, textarea')) target.setAttribute('aria-invalid', 'true');
    return true;
  };

  const focusFirst = (): void => {
    const first = [...fields.querySelectorAll('.error')].find((error) => error.textContent !== '');
    [...places.values()]
      .find(({ error }) => error === first)
      ?.reveal()
      .focus();
  };

  const clearErrors = (): void => {
    for (const error of fields.querySelectorAll('.error')) error.textContent = '';
    for (const control of fields.querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid');
  };

  const submit = async (): Promise<void> => {
    if (!root || fields.disabled) return;
    clearErrors();
    const problems = findProblems(root);
    if (problems.size > 0) {
      for (const [entry, problem] of problems) mark(findTrail(root, entry), describeProblem(problem));
      say(text('check'), 'bad');
      focusFirst();
      return;
    }
    const body = write();
    say(text('saving'));
    save.disabled = fields.disabled = true;
    const reply = await ask({ method: 'PUT', body });
    save.disabled = fields.disabled = false;
    if (reply) {
      show(reply);
      say(text(reply.warnings ? 'warned' : 'saved'), 'good');
      save.focus();
    } else focusFirst();
  };

  const nextId = (): string => `f${++lastId}`;

  const renderEntry = (entry: Entry): HTMLElement => {
    switch (entry.kind) {
      case 'group':
        return renderGroup(entry);
      case 'list':
        return renderList(entry);
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
    const control = kind === 'choice' ? renderSelect(entry) : renderInput(entry);
    control.addEventListener('input', () => (entry.text = control.value));
    const label = renderLabel(field, control);
    const lines = renderLines(entry, control, ...(kind === 'lines' || kind === 'json' ? [text(kind)] : []));
    if (!field.unit) return make('div', { className: 'field' }, label, control, ...lines);
    const unit = make('span', { className: 'unit', id: nextId(), textContent: field.unit[language] });
    control.setAttribute('aria-describedby', `${unit.id} ${control.getAttribute('aria-describedby') ?? ''}`);
    return make('div', { className: 'field' }, label, make('div', { className: 'measured' }, control, unit), ...lines);
  };

  const renderInput = ({ field, kind, text: value }: TextEntry): HTMLInputElement | HTMLTextAreaElement => {
    if (kind === 'lines' || kind === 'json' || value.includes('\n') || (field.maxLength ?? 0) > LONG_TEXT) {
      const rows = Math.min(MOST_LINES, Math.max(3, value.split('\n').length + 1));
      return make('textarea', { value, rows, spellcheck: false, className: kind === 'json' ? 'code' : '' });
    }
    const inputMode = kind === 'number' ? 'decimal' : field.format === 'email' ? 'email' : field.format === 'uri' ? 'url' : 'text';
    const placeholder = field.default === undefined || typeof field.default === 'object' ? '' : String(field.default);
    return make('input', { value, inputMode, placeholder, autocomplete: 'off', className: kind });
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
    const append = (row: GroupEntry, isOpen: boolean): HTMLElement => {
      const remove = make('button', { type: 'button', className: 'plain remove', textContent: '×', title: text('remove') });
      const view = isCompact(field) ? compactRow(row, remove) : foldedRow(row, remove, isOpen);
      const name = (): void => {
        const number = `${entry.rows.indexOf(row) + 1}`;
        remove.ariaLabel = [text('remove'), title, number, summarise(row, language)].filter(Boolean).join(' ');
        view.ariaLabel = `${title} ${number}`;
        const summary = view.querySelector(':scope > summary');
        if (summary) summary.textContent = `${number}. ${summarise(row, language) || text('newRow')}`;
      };
      remove.addEventListener('click', () => {
        entry.rows.splice(entry.rows.indexOf(row), 1);
        names.splice(names.indexOf(name), 1);
        view.remove();
        changed();
        add.focus();
      });
      view.addEventListener('input', name);
      names.push(name);
      list.append(view);
      return view;
    };
    const isOpen = entry.rows.length <= (field.path.includes('[]') ? OPEN_ROWS.within : OPEN_ROWS.list);
    for (const row of entry.rows) append(row, isOpen);
    add.addEventListener('click', () => {
      const row = buildRow(field);
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

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  form.addEventListener('input', () => {
    if (note.className === 'good') say('');
  });
  addEventListener('beforeunload', (event) => {
    if (root && write() !== saved) event.preventDefault();
  });
  document.getElementById('copy')?.addEventListener('click', (event) => {
    // The clipboard's own interface is closed to frames of another site; this is not.
    byId<HTMLInputElement>('webhook').select();
    if (document.execCommand('copy')) (event.currentTarget as HTMLElement).textContent = text('copied');
  });
  say(text('loading'));
  void ask({}).then((reply) => {
    if (!reply) return;
    show(reply);
    say('');
  });
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
  const inner = from.kind === 'group' ? from.entries : from.kind === 'list' ? from.rows : [];
  for (const entry of inner) {
    const trail = findTrail(entry, to);
    if (trail.length > 0) return [from, ...trail];
  }
  return [];
}

function byId<Element extends HTMLElement>(id: string): Element {
  return document.getElementById(id) as Element;
}

function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
