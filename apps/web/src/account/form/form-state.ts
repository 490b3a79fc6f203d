import {
  computed,
  type ComputedRef,
  inject,
  type InjectionKey,
  provide,
  reactive,
  type Ref,
  ref,
  shallowReactive,
  type ShallowRef,
  shallowRef,
  toRaw,
} from 'vue';
import { type Language, type LocalText, textIn } from '../../kit/language.js';
import {
  buildForm,
  buildRow,
  type Entry,
  type FieldSpec,
  findEntries,
  type GroupEntry,
  type ItemsEntry,
  type Json,
  type ListEntry,
  readValue,
  type TextEntry,
} from './form-values.js';
import { buildReactive, findFirst, findParents, listInner, sectionOf } from './entry-tree.js';
import { findProblems, type Problem } from './form-problems.js';
import { FormView } from './form-view.js';
import { countCurrencyDigits } from './iso-names.js';
import { toShownText, toStoredText } from './scaled-text.js';
import { mergeChanges, pickChanges, type Values } from './form-changes.js';
import type { Lookups } from './lookups.js';
import type { Messages } from './provider-setup.js';

/** A part of a form, with the fields of one topic. */
export interface FormSection {
  readonly code: string;
  readonly title: LocalText;
}

/** A form as the API describes it. */
export interface FormSchema {
  readonly fields: readonly FieldSpec[];
  /** In the order of the page. If missing, all fields are one section. */
  readonly sections?: readonly FormSection[];
}

/** An error of an entry, or a warning. */
export interface FormMessage {
  readonly text: string;
  readonly tone: 'bad' | 'warn';
  /** The path to the entry, starting with the form. */
  readonly trail: readonly Entry[];
}

/** The state of a section. `empty`: nothing is required and nothing was entered. */
export type SectionState = 'done' | 'todo' | 'error' | 'empty';

/** An entry of a list to which rows can be added. */
export type RowsEntry = ListEntry | ItemsEntry;

/** Milliseconds without a change before the sections' states are updated. */
const ASSESS_MS = 150;

/** A form on the page: its entries and their messages. */
export class FormState {
  /** The entries' elements, and the entry to show. */
  readonly view = new FormView();
  /** Whether any value differs from the loaded or saved values. */
  readonly isDirty = ref(false);
  /** The state of each section, by its code. */
  readonly states = shallowRef<Readonly<Record<string, SectionState>>>({});
  /** Counts the changes. */
  readonly changes = ref(0);
  /** Counts loads. Fields are created again when another form is loaded. */
  readonly loads = ref(0);
  readonly sections: ComputedRef<readonly FormSection[]>;
  /** The stored values that were loaded. */
  stored: Values = {};
  /** The values that would be sent before the user types: the stored values with defaults. */
  saved: Values = {};
  private readonly schema = shallowRef<FormSchema>({ fields: [] });
  private readonly tree: ShallowRef<GroupEntry> = shallowRef(buildReactive([], {}));
  private readonly messages = shallowReactive(new Map<Entry, FormMessage>());
  /** Rebuilt when an entry is missing in it. An entry's parent never changes. */
  private parents = new Map<Entry, Entry>();
  private readonly fetching = new WeakMap<Entry, Promise<void>>();
  private assessing: ReturnType<typeof setTimeout> | undefined;

  /** `describe` returns the message for an entry's error, in the page's language. */
  constructor(
    readonly lookups: Lookups,
    private readonly describe: (problem: Problem) => string,
    readonly language: Ref<Language>,
    /** The form is shown, but cannot be changed. */
    readonly isReadOnly = false,
    /** Loads the rows of a list that was left out of the values. */
    private readonly readRows?: (list: string) => Promise<Json[]>,
  ) {
    this.sections = computed(() => this.schema.value.sections ?? []);
  }

  /** All entries. Each is reactive and must be changed only by `change`. */
  get root(): GroupEntry {
    return this.tree.value;
  }

  get fields(): readonly FieldSpec[] {
    return this.schema.value.fields;
  }

  /** Shows a form with the stored values. */
  load(schema: FormSchema, values: Values): void {
    this.schema.value = schema;
    this.stored = { ...values };
    this.replace(values);
    this.saved = this.read();
    this.touch();
  }

  /** Shows values that another user stored, with this user's changes applied to them. */
  rebase(schema: FormSchema, values: Values): void {
    const [before, mine] = [this.saved, this.read()];
    this.load(schema, values);
    this.replace(mergeChanges(schema.fields, before, mine, this.saved));
  }

  /** Lists the names of the fields that have changed. */
  listChanged(): string[] {
    return Object.keys(pickChanges(this.read(), this.saved));
  }

  /** Loads the rows of a list that are missing. Loads them only once, unless that failed. */
  fetchRows(list: ListEntry): Promise<void> {
    const raw = toRaw(list);
    if (raw.left === undefined) return Promise.resolve();
    const running = this.fetching.get(raw) ?? this.fetchNow(list).finally(() => this.fetching.delete(raw));
    this.fetching.set(raw, running);
    return running;
  }

  /** Loads the rows of several of the form's lists, by name. */
  async fetchLists(names: readonly string[]): Promise<void> {
    const lists = this.root.entries.filter((entry) => entry.kind === 'list' && names.includes(entry.field.name));
    await Promise.all(lists.map((list) => this.fetchRows(list as ListEntry)));
  }

  /** Shows other values that are not stored yet, such as a draft. */
  replace(values: Values): void {
    this.tree.value = buildReactive(this.schema.value.fields, values);
    this.messages.clear();
    this.view.clear();
    this.loads.value++;
    this.touch();
  }

  /** Sets some fields. The others keep their values. */
  fill(values: Values): void {
    const fresh = buildForm(this.schema.value.fields, values);
    this.root.entries = this.root.entries.map((entry, index) => (entry.field.name in values ? (fresh.entries[index] ?? entry) : entry));
    this.clearMessages();
    this.touch();
  }

  /** Returns the values to send. */
  read(): Values {
    return (readValue(toRaw(this.root)) ?? {}) as Values;
  }

  /** Returns the entries of a section, or all entries. */
  entriesOf(section?: string): Entry[] {
    return this.root.entries.filter(({ field }) => section === undefined || sectionOf(field) === section);
  }

  /** Changes an entry and removes its message. */
  change<Changed extends Entry>(entry: Changed, change: Partial<Changed>): void {
    const before = 'text' in entry ? entry.text : '';
    Object.assign(entry, change);
    if (entry.field.codesOf === '@currencies') this.keepShown(entry, before);
    this.messages.delete(toRaw(entry));
    this.touch();
  }

  /** Decimal digits between the stored and the shown number of an entry. Undefined if both are the same. */
  digitsOf(entry: Entry): number | undefined {
    if (entry.field.isBasisPoints) return 2;
    const currency = this.currencyOf(entry);
    return currency === undefined ? undefined : countCurrencyDigits(currency);
  }

  /** The current currency of an amount. Undefined if the entry is not an amount. */
  currencyOf(entry: Entry): string | undefined {
    const { moneyIn } = entry.field;
    if (moneyIn === undefined) return undefined;
    for (let group = this.parentOf(entry); group; group = this.parentOf(group)) {
      const named = group.kind === 'group' ? group.entries.find(({ field }) => field.name === moneyIn) : undefined;
      // Read through its proxy: fields follow the currency.
      if (named && 'text' in named) return (reactive<object>(named) as TextEntry).text;
    }
    return '';
  }

  /** The text of an entry as people read it: amounts in currency units, shares in percent. */
  showText(entry: TextEntry): string {
    const digits = this.digitsOf(entry);
    return digits === undefined ? entry.text : toShownText(entry.text, digits);
  }

  /** Adds a row to a list, at its end or at an index. */
  addRow<List extends RowsEntry>(list: List, row: List['rows'][number], index = list.rows.length): void {
    (list.rows as Entry[]).splice(index, 0, row);
    this.messages.delete(toRaw(list));
    this.touch();
  }

  /** Removes a row from a list. */
  removeRow(list: RowsEntry, row: Entry): void {
    const index = (list.rows as Entry[]).indexOf(row);
    if (index >= 0) list.rows.splice(index, 1);
    for (const [entry, { trail }] of this.messages) if (trail.includes(toRaw(row))) this.messages.delete(entry);
    this.touch();
  }

  /** Replaces the entries of a row and removes the messages within it. */
  refill(row: GroupEntry, entries: Entry[]): void {
    for (const [entry, { trail }] of this.messages) if (trail.includes(toRaw(row))) this.messages.delete(entry);
    row.entries = entries;
    this.touch();
  }

  /** Moves a row of a list up (-1) or down (1). */
  moveRow(list: RowsEntry, row: Entry, by: number): void {
    const rows = list.rows as Entry[];
    const index = rows.indexOf(row);
    if (index + by < 0 || index + by >= rows.length) return;
    rows.splice(index + by, 0, ...rows.splice(index, 1));
    this.touch();
  }

  /** Changes a list as a whole and removes the messages within it. */
  edit(list: ListEntry, change: (list: ListEntry) => void): void {
    const raw = toRaw(list);
    change(list);
    for (const [entry, { trail }] of this.messages) if (trail.includes(raw)) this.messages.delete(entry);
    this.touch();
  }

  /** Returns the message of an entry. */
  messageOf(entry: Entry): FormMessage | undefined {
    return this.messages.get(toRaw(entry));
  }

  /** Whether an entry or an entry within it has an error. */
  hasErrorWithin(entry: Entry): boolean {
    const raw = toRaw(entry);
    return [...this.messages.values()].some(({ tone, trail }) => tone === 'bad' && trail.includes(raw));
  }

  /** Attaches messages to entries by their paths. Returns the messages that belong to no entry. */
  mark(messages: Messages, tone: FormMessage['tone']): string[] {
    const elsewhere: string[] = [];
    for (const [path, message] of Object.entries(messages)) {
      const { trail, rest } = findEntries(toRaw(this.root), path);
      if (trail.length > 1) this.put(trail, [...(rest.length > 0 ? [rest.join('.')] : []), message].join(' '), tone);
      else elsewhere.push(`${path} ${message}`.trim());
    }
    this.assess();
    return elsewhere;
  }

  /** Marks the errors that the page can detect itself. Returns false if there are any. */
  validate(): boolean {
    this.clearMessages();
    const root = toRaw(this.root);
    const problems = findProblems(root);
    for (const [entry, problem] of problems) {
      const trail = [entry];
      for (let parent = this.parentOf(entry); parent; parent = this.parentOf(parent)) trail.unshift(parent);
      this.put(trail, this.describeShown(entry, problem), 'bad');
    }
    this.assess();
    return problems.size === 0;
  }

  /** Removes all messages. */
  clearMessages(): void {
    this.messages.clear();
  }

  /** Returns the titles of the sections with a message at a field. */
  listMarked(): string[] {
    const marked = new Set([...this.messages.values()].flatMap(({ trail }) => (trail[1] ? [sectionOf(trail[1].field)] : [])));
    return this.sections.value.filter(({ code }) => marked.has(code)).map(({ title }) => textIn(title, this.language.value));
  }

  /** Shows and focuses the first entry with an error in any section. Returns false if there is none. */
  async revealFirst(): Promise<boolean> {
    const first = findFirst(toRaw(this.root), (entry) => this.messages.get(entry)?.tone === 'bad');
    const trail = first && this.messages.get(first)?.trail;
    if (!trail) return false;
    await this.view.reveal(trail);
    return true;
  }

  /** Focuses the first entry of a section that must be filled in, otherwise its first entry. */
  async focusFirst(section?: string): Promise<void> {
    const entries = this.entriesOf(section);
    const first = entries.find((entry) => findProblems(toRaw(entry)).size > 0) ?? entries[0];
    if (first) await this.view.focus(first);
  }

  /** Updates which fields differ and the state of each section. */
  touch(): void {
    this.isDirty.value = this.listChanged().length > 0;
    this.changes.value++;
    clearTimeout(this.assessing);
    this.assessing = setTimeout(() => this.assess(), ASSESS_MS);
  }

  private parentOf(entry: Entry): Entry | undefined {
    const [raw, root] = [toRaw(entry), toRaw(this.root)];
    if (raw === root) return undefined;
    if (!this.parents.has(raw)) this.parents = findParents(root);
    return this.parents.get(raw);
  }

  /** Describes a problem in the units shown on the page. */
  private describeShown(entry: Entry, problem: Problem): string {
    const digits = this.digitsOf(entry);
    if (digits === undefined) return this.describe(problem);
    if (problem.kind === 'whole') return this.describe(digits === 0 ? problem : { kind: 'digits', limit: digits });
    return this.describe(problem.limit === undefined ? problem : { ...problem, limit: Number(toShownText(String(problem.limit), digits)) });
  }

  /** Keeps the shown amounts if their currency's number of digits changes. */
  private keepShown(currency: Entry, before: string): void {
    const now = 'text' in currency ? currency.text : '';
    const group = this.parentOf(currency);
    if (!group || countCurrencyDigits(before) === countCurrencyDigits(now)) return;
    const { name } = currency.field;
    const walk = (entry: Entry): void => {
      if ('text' in entry && entry.field.moneyIn === name)
        entry.text = toStoredText(toShownText(entry.text, countCurrencyDigits(before)), countCurrencyDigits(now));
      for (const inner of listInner(entry)) walk(inner);
    };
    walk(reactive<object>(group) as Entry);
  }

  private async fetchNow(list: ListEntry): Promise<void> {
    const { name } = list.field;
    const rows = (await this.readRows?.(name)) ?? [];
    list.rows = rows.map((row) => buildRow(list.field, row));
    delete list.left;
    // Values that are no longer shown get no message.
    if (!this.root.entries.includes(list)) return;
    this.stored[name] = rows;
    this.saved[name] = readValue(toRaw(list)) ?? rows;
    this.assess();
  }

  private put(trail: readonly Entry[], text: string, tone: FormMessage['tone']): void {
    const entry = trail.at(-1);
    if (!entry || (tone === 'warn' && this.messages.get(entry)?.tone === 'bad')) return;
    this.messages.set(entry, { text: text.charAt(0).toUpperCase() + text.slice(1), tone, trail });
  }

  private assess(): void {
    clearTimeout(this.assessing);
    const { entries } = toRaw(this.root);
    const wrong = new Set([...this.messages.values()].flatMap(({ tone, trail }) => (tone === 'bad' && trail[1] ? [trail[1]] : [])));
    this.states.value = Object.fromEntries(
      this.sections.value.map(({ code }) => {
        const own = entries.filter(({ field }) => sectionOf(field) === code);
        if (own.some((entry) => wrong.has(entry))) return [code, 'error'];
        if (own.some((entry) => findProblems(entry).size > 0)) return [code, 'todo'];
        return [code, own.some((entry) => readValue(entry) !== undefined) ? 'done' : 'empty'];
      }),
    );
  }
}

const FORM: InjectionKey<FormState> = Symbol('form');

/** Provides the form for all fields below this component. */
export function provideForm(form: FormState): void {
  provide(FORM, form);
}

/** Returns the form that a field is in. Throws outside a form. */
export function useForm(): FormState {
  const form = inject(FORM);
  if (!form) throw new Error('A field must be inside a form');
  return form;
}
