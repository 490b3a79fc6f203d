import { makeCombobox } from './combobox.js';
import { byId, copyOnClick, make, nextId } from './dom.js';
import {
  type ChoicesEntry,
  findEntries,
  type Entry,
  type FieldSpec,
  buildForm,
  type GroupEntry,
  type ItemsEntry,
  type Json,
  type ListEntry,
  type Problem,
  findProblems,
  buildItem,
  buildRow,
  type SecretEntry,
  summarise,
  type SwitchEntry,
  type TextEntry,
  readValue,
} from './form-values.js';
import { type Found, Lookups } from './lookups.js';
import { type ApiReply, PageApi, type Refusal } from './page-api.js';
import type { PageData, PageText } from './page-data.js';
import { ServiceSection } from './service-panel.js';
import { type CheckView, describeCheck, describeSaved, fillIn, joinMessages, type Messages, type ServiceView } from './service-state.js';

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
  warnings?: Messages;
  /** Missing: the provider neither checks nor connects. */
  service?: ServiceView;
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
 * Shows a provider's settings as a form, saves them and tries them at the service. The document holds
 * `#form`, `#fields`, `#save`, `#note` and `#service`; `#check`, `#copy` and `#webhook` are optional. Where
 * the data name a provider, each id ends in its code: `#form-cdek`.
 */
export function openForm({ token, language, provider, texts }: PageData): void {
  const toId = (element: string): string => (provider === undefined ? element : `${element}-${provider}`);
  const form = byId<HTMLFormElement>(toId('form'));
  const fields = byId<HTMLFieldSetElement>(toId('fields'));
  const save = byId<HTMLButtonElement>(toId('save'));
  const note = byId<HTMLElement>(toId('note'));
  const checkNow = document.getElementById(toId('check')) as HTMLButtonElement | null;
  const api = new PageApi(token, provider);
  const places = new Map<Entry, Place>();
  let root: GroupEntry | undefined;
  let saved = '';
  let service: ServiceView | undefined;

  const write = (): string => JSON.stringify(root ? readValue(root) : {});
  const text = (key: PageText): string => texts[key];
  const describeProblem = ({ kind, limit = 0 }: Problem): string => fillIn(texts[`problem.${kind}`], { n: limit });

  const say = (message: string, tone: 'good' | 'bad' | '' = ''): void => {
    note.textContent = message;
    note.className = `note ${tone}`.trim();
  };

  /** Why a call came to nothing, where the server does not say. */
  const describeSilence = ({ status }: ApiReply<object>): string => text(status === 401 ? 'ended' : 'unreachable');

  /** Returns the reply, or shows what went wrong. */
  const ask = async <Body extends object>(path: string, init: RequestInit = {}): Promise<Body | undefined> => {
    const reply = await api.call<Body>(path, init);
    if (reply.body) return reply.body;
    if (reply.status === 401 || !reply.refusal) say(describeSilence(reply), 'bad');
    else refuse(reply.refusal);
    return undefined;
  };

  const lookups = new Lookups(async (name, term, signal) => {
    const path = `lookups/${encodeURIComponent(name)}?${new URLSearchParams({ term }).toString()}`;
    const reply = await api.call<Found>(path, signal ? { signal } : {});
    if (signal?.aborted) return undefined;
    const isSaid = reply.status !== 401 && reply.refusal?.errorMsg !== undefined;
    return reply.body ?? { reason: isSaid ? (reply.refusal?.errorMsg ?? '') : describeSilence(reply) };
  });

  const section = new ServiceSection(byId(toId('service')), { texts, language }, async (replace) => {
    const found = await ask<ServiceView>('connect', { method: 'POST', body: JSON.stringify({ replace }) });
    if (!found) return;
    say('');
    showService(found);
  });

  const showService = (found: ServiceView): void => {
    service = found;
    section.show(found);
  };

  /** Returns whether anything is marked at a field. */
  const show = (reply: SettingsReply): boolean => {
    const { schema, values, missing } = reply;
    root = buildForm(schema.fields, values);
    saved = write();
    service = reply.service;
    fill(schema, root, missing);
    save.hidden = schema.fields.length === 0;
    if (checkNow) checkNow.hidden = false;
    const warnings = joinMessages(reply.warnings, service?.warnings, service?.check?.warnings);
    const errors = service?.check?.errors ?? {};
    const elsewhere = [...markAll(warnings, 'warning'), ...markAll(errors)];
    if (service) section.show(service, elsewhere);
    return Object.keys(warnings).length + Object.keys(errors).length > elsewhere.length;
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
  const markAll = (messages: Messages, kind: 'error' | 'warning' = 'error'): string[] => {
    const elsewhere: string[] = [];
    for (const [path, message] of Object.entries(messages)) {
      const { trail, rest } = root ? findEntries(root, path) : { trail: [], rest: [path] };
      if (!mark(trail, [...(rest.length > 0 ? [rest.join('.')] : []), message].join(' '), kind))
        elsewhere.push(`${path} ${message}`.trim());
    }
    return elsewhere;
  };

  const refuse = ({ errorMsg, errors = {} }: Refusal): void => {
    const elsewhere = markAll(errors);
    if (Object.keys(errors).length === elsewhere.length) say([...new Set([errorMsg, ...elsewhere])].filter(Boolean).join('\n'), 'bad');
    else say([text('check'), ...elsewhere].join('\n'), 'bad');
    focusFirst();
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

  /** Marks what the page itself knows to be wrong; false when there is something. */
  const isFilledIn = (form: GroupEntry): boolean => {
    clearErrors();
    const problems = findProblems(form);
    for (const [entry, problem] of problems) mark(findTrail(form, entry), describeProblem(problem));
    if (problems.size === 0) return true;
    say(text('check'), 'bad');
    focusFirst();
    return false;
  };

  /** Asks while nothing can be changed. */
  const askAlone = async <Body extends object>(path: string, init: RequestInit): Promise<Body | undefined> => {
    const controls = [save, fields, ...(checkNow ? [checkNow] : [])];
    for (const control of controls) control.disabled = true;
    const reply = await ask<Body>(path, init);
    for (const control of controls) control.disabled = false;
    return reply;
  };

  const submit = async (): Promise<void> => {
    if (!root || fields.disabled || !isFilledIn(root)) return;
    const body = write();
    say(text('saving'));
    const reply = await askAlone<SettingsReply>('settings', { method: 'PUT', body });
    if (!reply) return focusFirst();
    lookups.forget();
    const isMarked = show(reply);
    const line = describeSaved(service?.check, isMarked, texts);
    say(line.text, line.tone);
    if (section.hasAction) section.focus();
    else save.focus();
  };

  /** Tries what stands in the form; what is stored is tried as such, and its state kept. */
  const check = async (): Promise<void> => {
    if (!root || fields.disabled || !isFilledIn(root)) return;
    const body = write();
    const isSaved = body === saved;
    say(text('checking'));
    const found = await askAlone<CheckView>('check', { method: 'POST', body: isSaved ? '{}' : body });
    checkNow?.focus();
    if (!found) return focusFirst();
    const elsewhere = [...markAll(found.warnings ?? {}, 'warning'), ...markAll(found.errors ?? {})];
    const line = describeCheck(found, texts, isSaved);
    say([line.text, ...elsewhere].join('\n'), line.tone);
    if (isSaved && service) showService({ ...service, check: found });
    focusFirst();
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
        view.ariaLabel = `${title} ${number}`;
        const summary = view.querySelector(':scope > summary');
        if (summary) summary.textContent = `${number}. ${how.summarise(row) || text('newRow')}`;
        const item = view.querySelector<HTMLElement>(':scope > .field > .combo > input:not([id])');
        if (item) item.ariaLabel = `${title} ${number}`;
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

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  form.addEventListener('input', () => {
    if (note.classList.contains('good')) say('');
  });
  addEventListener('beforeunload', (event) => {
    if (root && write() !== saved) event.preventDefault();
  });
  checkNow?.addEventListener('click', () => void check());
  const copy = document.getElementById(toId('copy')) as HTMLButtonElement | null;
  if (copy) copyOnClick(copy, byId(toId('webhook')), text('copied'));
  say(text('loading'));
  void ask<SettingsReply>('settings').then((reply) => {
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
  const inner = from.kind === 'group' ? from.entries : 'rows' in from ? from.rows : [];
  for (const entry of inner) {
    const trail = findTrail(entry, to);
    if (trail.length > 0) return [from, ...trail];
  }
  return [];
}
