import { make } from './dom.js';
import { FormPanel } from './form-panel.js';
import { buildForm, type GroupEntry, type Json, readValue } from './form-values.js';
import type { Refusal, Reply } from './page-api.js';
import type { PageData } from './page-data.js';
import { fillIn } from './service-state.js';

type RulesReply = Reply<'readRules'>;

/** What the rules choose for the sample order. */
interface Verdict {
  row: number | null;
  contract: string | null;
  sender: string | null;
  passed: { row: number; why: string }[];
}

interface Preview {
  quoted: Verdict & { tariffs: { code: string; name: string; currency?: string; price?: number; cost?: number; why: string }[] };
  saved: Verdict;
}

/** Where the server says that something is wrong with rules which are only tried. */
const TRIED = 'rules.';

/**
 * Shows the rules as a form when their section is opened, saves them, and tries them on a sample order. The
 * document holds `#rules`, a `details` with the elements below; without it nothing is done.
 */
export function openRules(data: PageData): void {
  const { language, texts } = data;
  const section = document.getElementById('rules') as HTMLDetailsElement | null;
  if (!section) return;
  const find = <Element extends HTMLElement>(selector: string): Element => section.querySelector(selector) as Element;
  const [form, sampleForm] = [find<HTMLFormElement>('.entered'), find<HTMLFormElement>('.sample')];
  const [save, attempt] = [find<HTMLButtonElement>('.entered .save'), find<HTMLButtonElement>('.sample .try')];
  const [fields, sampleFields] = [find<HTMLFieldSetElement>('.entered > fieldset'), find<HTMLFieldSetElement>('.sample > fieldset')];
  const result = find<HTMLElement>('.result');
  const buttons = [save, attempt];
  const panel = new FormPanel({ fields, note: find('.entered .note'), buttons }, data);
  const trial = new FormPanel({ fields: sampleFields, note: find('.sample .note'), buttons }, data);
  let root: GroupEntry | undefined;
  let sample: GroupEntry | undefined;
  let saved = '';

  const write = (): string => JSON.stringify(root ? readValue(root) : {});

  const show = ({ schema, values }: RulesReply): void => {
    root = buildForm(schema.fields, values as Json);
    saved = write();
    fields.replaceChildren(...panel.view.render(root));
  };

  const load = async (): Promise<void> => {
    panel.say(texts.loading);
    const reply = await panel.ask<'readRules'>('rules');
    if (!reply) return;
    show(reply);
    sample = buildForm(reply.sample.fields, {});
    sampleFields.replaceChildren(...trial.view.render(sample));
    for (const button of buttons) button.hidden = false;
    panel.say('');
  };

  const submit = async (): Promise<void> => {
    if (!root || panel.isBusy || !panel.isFilledIn()) return;
    panel.say(texts.saving);
    const reply = await panel.askAlone<'saveRules'>('rules', { method: 'PUT', body: write() });
    if (!reply) return panel.view.focusFirst();
    panel.lookups.forget();
    show(reply);
    panel.say(texts.rulesSaved, 'good');
    save.focus();
  };

  /** Problems of the rules stand in their own form. */
  const refuseTrial = ({ errorMsg, errors = {} }: Refusal): void => {
    const ofRules = Object.entries(errors).flatMap(([path, text]) => (path.startsWith(TRIED) ? [[path.slice(TRIED.length), text]] : []));
    if (ofRules.length > 0) panel.refuse({ errors: Object.fromEntries(ofRules) as Record<string, string> });
    else trial.refuse({ ...(errorMsg !== undefined && { errorMsg }), errors });
  };

  const tryThem = async (): Promise<void> => {
    if (!root || !sample || trial.isBusy || !panel.isFilledIn() || !trial.isFilledIn()) return;
    trial.say(texts.checking);
    result.replaceChildren();
    const body = JSON.stringify({ ...(readValue(sample) as object), rules: readValue(root) });
    const reply = await trial.askAlone<'previewRules'>('rules/preview', { method: 'POST', body }, refuseTrial);
    if (!reply) return;
    trial.say('');
    result.replaceChildren(...renderPreview(reply));
    attempt.focus();
  };

  const renderPreview = ({ quoted, saved: atSave }: Preview): HTMLElement[] => [
    renderVerdict(texts.whenQuoted, quoted),
    quoted.tariffs.length > 0 ? renderTariffs(quoted.tariffs) : make('p', { textContent: texts.noTariffs }),
    renderVerdict(texts.whenSaved, atSave),
  ];

  const renderVerdict = (title: string, { row, contract, sender, passed }: Verdict): HTMLElement => {
    const fit = row === null ? texts.noRow : fillIn(texts.rowFits, { n: row + 1 });
    const names = [
      ...(contract === null ? [] : [fillIn(texts.withContract, { name: contract })]),
      ...(sender === null ? [] : [fillIn(texts.withSender, { name: sender })]),
    ];
    const lines = passed.map((one) => make('li', { textContent: `${one.row + 1}: ${one.why}` }));
    return make(
      ...(['div', {}] as const),
      make('p', {}, make('b', { textContent: `${title}: ` }), [fit, ...names].join(' ')),
      ...(lines.length > 0
        ? [make('p', { className: 'hint', textContent: texts.passedOver }), make('ul', { className: 'hint' }, ...lines)]
        : []),
    );
  };

  const renderTariffs = (tariffs: Preview['quoted']['tariffs']): HTMLElement => {
    const row = (tag: 'th' | 'td', ...cells: string[]): HTMLElement =>
      make('tr', {}, ...cells.map((textContent) => make(tag, { textContent })));
    const format = (amount: number | undefined, currency = ''): string =>
      amount === undefined ? '—' : `${amount.toLocaleString(language)} ${currency}`;
    return make(
      ...(['table', {}] as const),
      make('thead', {}, row('th', texts.tariff, texts.carrierPrice, texts.shownCost, '')),
      make(
        'tbody',
        {},
        ...tariffs.map(({ name, price, cost, currency, why }) => row('td', name, format(price, currency), format(cost, currency), why)),
      ),
    );
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  sampleForm.addEventListener('submit', (event) => {
    event.preventDefault();
    void tryThem();
  });
  form.addEventListener('input', () => panel.say(''));
  addEventListener('beforeunload', (event) => {
    if (root && write() !== saved) event.preventDefault();
  });
  section.addEventListener('toggle', () => {
    if (section.open && !root) void load();
  });
}
