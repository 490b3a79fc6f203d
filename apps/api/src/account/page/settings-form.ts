import { byId, copyOnClick, make } from './dom.js';
import { FormPanel } from './form-panel.js';
import { buildForm, type GroupEntry, type Json, readValue } from './form-values.js';
import type { Reply } from './page-api.js';
import type { PageData, PageText } from './page-data.js';
import { ServiceSection } from './service-panel.js';
import { describeCheck, describeSaved, joinMessages, type ServiceView } from './service-state.js';

type SettingsReply = Reply<'readSettings'>;
/** Settings to start from. */
type Preset = NonNullable<SettingsReply['schema']['presets']>[number];

/**
 * Shows a provider's settings as a form, saves them and tries them at the service. The document holds
 * `#form`, `#fields`, `#save`, `#note` and `#service`; `#check`, `#copy` and `#webhook` are optional. Where
 * the data name a provider, each id ends in its code: `#form-cdek`.
 */
export function openForm(data: PageData): void {
  const { language, provider, texts } = data;
  const toId = (element: string): string => (provider === undefined ? element : `${element}-${provider}`);
  const form = byId<HTMLFormElement>(toId('form'));
  const fields = byId<HTMLFieldSetElement>(toId('fields'));
  const save = byId<HTMLButtonElement>(toId('save'));
  const note = byId<HTMLElement>(toId('note'));
  const checkNow = document.getElementById(toId('check')) as HTMLButtonElement | null;
  const panel = new FormPanel({ fields, note, buttons: [save, ...(checkNow ? [checkNow] : [])] }, data);
  const { view } = panel;
  let root: GroupEntry | undefined;
  let saved = '';
  let service: ServiceView | undefined;

  const write = (): string => JSON.stringify(root ? readValue(root) : {});
  const text = (key: PageText): string => texts[key];

  const section = new ServiceSection(byId(toId('service')), { texts, language }, async (replace) => {
    const found = await panel.ask<'setUpService'>('connect', { method: 'POST', body: JSON.stringify({ replace }) });
    if (!found) return;
    panel.say('');
    showService(found);
  });

  const showService = (found: ServiceView): void => {
    service = found;
    section.show(found);
  };

  /** Returns whether anything is marked at a field. */
  const show = (reply: SettingsReply): boolean => {
    const { schema, values, missing } = reply;
    root = buildForm(schema.fields, values as Json);
    saved = write();
    service = reply.service;
    fill(schema, root, missing);
    save.hidden = schema.fields.length === 0;
    if (checkNow) checkNow.hidden = false;
    const warnings = joinMessages(reply.warnings, service?.warnings, service?.check?.warnings);
    const errors = service?.check?.errors ?? {};
    const elsewhere = [...view.markAll(warnings, 'warning'), ...view.markAll(errors)];
    if (service) section.show(service, elsewhere);
    return Object.keys(warnings).length + Object.keys(errors).length > elsewhere.length;
  };

  const fill = (schema: SettingsReply['schema'], form: GroupEntry, missing?: string): void => {
    const { presets = [] } = schema;
    const hint = schema.fields.length > 0 ? text('mustHint') : text('nothing');
    fields.replaceChildren(
      ...(missing ? [make('p', { className: 'notice', textContent: missing })] : []),
      ...(presets.length > 0 ? [presetsView(schema, presets, missing)] : []),
      make('p', { className: 'hint', textContent: hint }),
      ...view.render(form),
    );
  };

  /** A button for each: it fills the form, and what is filled in is kept when the form is saved. */
  const presetsView = (schema: SettingsReply['schema'], presets: Preset[], missing?: string): HTMLElement => {
    const buttons = presets.map(({ title, values }) => {
      const button = make('button', { type: 'button', className: 'plain', textContent: title[language] });
      button.addEventListener('click', () => {
        if (!root) return;
        const fresh = buildForm(schema.fields, values as Json).entries;
        root.entries = root.entries.map((entry, index) => ((schema.fields[index]?.name ?? '') in values ? (fresh[index] ?? entry) : entry));
        fill(schema, root, missing);
        panel.say(text('filledIn').replace('{name}', title[language]), 'good');
      });
      return button;
    });
    return make('p', { className: 'presets' }, text('startFrom'), ...buttons);
  };

  const submit = async (): Promise<void> => {
    if (!root || panel.isBusy || !panel.isFilledIn()) return;
    const body = write();
    panel.say(text('saving'));
    const reply = await panel.askAlone<'saveSettings'>('settings', { method: 'PUT', body });
    if (!reply) return view.focusFirst();
    panel.lookups.forget();
    const isMarked = show(reply);
    const line = describeSaved(service?.check, isMarked, texts);
    panel.say(line.text, line.tone);
    if (section.hasAction) section.focus();
    else save.focus();
  };

  /** Tries what stands in the form; what is stored is tried as such, and its state kept. */
  const check = async (): Promise<void> => {
    if (!root || panel.isBusy || !panel.isFilledIn()) return;
    const body = write();
    const isSaved = body === saved;
    panel.say(text('checking'));
    const found = await panel.askAlone<'checkSettings'>('check', { method: 'POST', body: isSaved ? '{}' : body });
    checkNow?.focus();
    if (!found) return view.focusFirst();
    const elsewhere = [...view.markAll(found.warnings ?? {}, 'warning'), ...view.markAll(found.errors ?? {})];
    const line = describeCheck(found, texts, isSaved);
    panel.say([line.text, ...elsewhere].join('\n'), line.tone);
    if (isSaved && service) showService({ ...service, check: found });
    view.focusFirst();
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  form.addEventListener('input', () => {
    if (note.classList.contains('good')) panel.say('');
  });
  addEventListener('beforeunload', (event) => {
    if (root && write() !== saved) event.preventDefault();
  });
  checkNow?.addEventListener('click', () => void check());
  const copy = document.getElementById(toId('copy')) as HTMLButtonElement | null;
  if (copy) copyOnClick(copy, byId(toId('webhook')), text('copied'));
  panel.say(text('loading'));
  void panel.ask<'readSettings'>('settings').then((reply) => {
    if (!reply) return;
    show(reply);
    panel.say('');
  });
}
