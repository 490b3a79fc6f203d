import { byId, make, nextId } from './dom.js';
import { PageApi, type PageOperation, type Refusal, type Reply } from './page-api.js';
import type { PageData, PageText } from './page-data.js';
import { fillIn } from './service-state.js';

type InstancesReply = Reply<'listInstances'>;

/** An instance of the module in the account. */
type Instance = InstancesReply['items'][number];

/**
 * Shows the account's instances of the module in `#instances`, adds, renames and removes them, and opens the
 * page of another one. The heading of the page follows the name of the one whose page it is.
 */
export function openInstances({ token, texts }: PageData): void {
  const section = byId<HTMLElement>('instances');
  const heading = document.querySelector('h1');
  const api = new PageApi(token);
  const list = make('ul', { className: 'instances' });
  const note = make('p', { role: 'status', tabIndex: -1 });
  let items: Instance[] = [];

  const say = (message: string, tone: 'good' | 'bad' | '' = ''): void => {
    note.textContent = message;
    note.className = tone;
  };
  const describeRefusal = ({ errorMsg, errors = {} }: Refusal): string => errorMsg ?? Object.values(errors).join('\n');
  const nameOf = ({ name, title }: Instance): string => name ?? title;

  /** Returns the reply, or says why there is none. */
  const ask = async <Id extends PageOperation>(path: string, init: RequestInit = {}): Promise<Reply<Id> | undefined> => {
    const reply = await api.call<Id>(path, init);
    if (reply.body) return reply.body;
    say(
      reply.status !== 401 && reply.refusal ? describeRefusal(reply.refusal) : texts[reply.status === 401 ? 'ended' : 'unreachable'],
      'bad',
    );
    return undefined;
  };

  /** Makes a change and shows what is there then; false when it was refused. */
  const change = async (path: string, init: RequestInit, done: string): Promise<boolean> => {
    const reply = await ask<'addInstance' | 'renameInstance' | 'removeInstance'>(path, init);
    if (!reply) return false;
    show(reply);
    say(done, 'good');
    note.focus();
    return true;
  };

  /** Returns what was entered; says what is wrong when it is nothing. */
  const readName = (input: HTMLInputElement): string | undefined => {
    const name = input.value.trim();
    if (name === '') {
      say(`${texts.name}: ${texts['problem.required']}`, 'bad');
      input.focus();
    }
    return name || undefined;
  };

  const show = (reply: InstancesReply): void => {
    items = reply.items;
    list.replaceChildren(...items.map(renderInstance));
    const open = items.find(({ isOpen }) => isOpen);
    if (open && heading) heading.textContent = open.title;
  };

  const open = async ({ id }: Instance): Promise<void> => {
    const reply = await ask<'openInstance'>(pathOf(id, '/open'), { method: 'POST' });
    if (reply) location.assign(reply.accountUrl);
  };

  const renderButton = (text: PageText, about: Instance, act: () => void): HTMLButtonElement => {
    const button = make('button', { type: 'button', className: 'plain', textContent: texts[text] });
    button.ariaLabel = `${texts[text]}: ${nameOf(about)}`;
    button.addEventListener('click', act);
    return button;
  };

  const renderInstance = (instance: Instance): HTMLElement => {
    const row = make('li', {});
    const { code, state, problem, isOpen } = instance;
    const marks = [code, texts[`state.${state}`], ...(isOpen ? [texts.isOpen] : [])].join(' · ');
    const about = make(
      'div',
      { className: 'about' },
      make('p', {}, make('b', { textContent: nameOf(instance) })),
      make('p', { className: 'hint', textContent: marks }),
      ...(problem === undefined ? [] : [make('p', { className: 'bad', textContent: fillIn(texts.refused, { problem }) })]),
    );
    if (isOpen) row.setAttribute('aria-current', 'true');
    row.append(
      about,
      ...(isOpen ? [] : [renderButton('open', instance, () => void open(instance))]),
      renderButton('rename', instance, () => showRename(row, instance)),
      ...(items.length > 1 ? [renderButton('remove', instance, () => showRemove(row, instance))] : []),
    );
    return row;
  };

  /** Back to the row as it was; the button that led away has the focus again. */
  const restore = (row: HTMLElement, instance: Instance, text: PageText): void => {
    const fresh = renderInstance(instance);
    row.replaceWith(fresh);
    [...fresh.querySelectorAll('button')].find(({ textContent }) => textContent === texts[text])?.focus();
  };

  const showRename = (row: HTMLElement, instance: Instance): void => {
    const { field, input } = renderName('name', instance.name ?? '');
    const form = make(
      'form',
      { noValidate: true },
      field,
      make('button', { className: 'plain', textContent: texts.save }),
      renderButton('cancel', instance, () => restore(row, instance, 'rename')),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const name = readName(input);
      if (name !== undefined) void change(pathOf(instance.id), { method: 'PUT', body: JSON.stringify({ name }) }, texts.renamed);
    });
    row.replaceChildren(form);
    input.focus();
  };

  const showRemove = (row: HTMLElement, instance: Instance): void => {
    const keep = renderButton('keep', instance, () => restore(row, instance, 'remove'));
    const remove = renderButton('remove', instance, () => void removeInstance(instance, [remove, keep]));
    const question = make('p', { textContent: fillIn(texts.askRemove, { name: nameOf(instance), code: instance.code }) });
    row.replaceChildren(make('div', { className: 'about' }, question), remove, keep);
    keep.focus();
  };

  const removeInstance = async (instance: Instance, buttons: readonly HTMLButtonElement[]): Promise<void> => {
    for (const button of buttons) button.disabled = true;
    const isDone = await change(pathOf(instance.id), { method: 'DELETE' }, fillIn(texts.removed, { name: nameOf(instance) }));
    for (const button of buttons) button.disabled = false;
    // The page of one that is gone makes way for the first that is left.
    const [left] = items;
    if (isDone && instance.isOpen && left) await open(left);
  };

  const renderName = (title: 'name' | 'newName', value: string): { field: HTMLElement; input: HTMLInputElement } => {
    const input = make('input', { id: nextId(), value, maxLength: 100, autocomplete: 'off' });
    return { input, field: make('div', { className: 'field' }, make('label', { htmlFor: input.id, textContent: texts[title] }), input) };
  };

  const { field, input } = renderName('newName', '');
  const hint = make('p', { id: nextId(), className: 'hint', textContent: texts.nameHint });
  input.setAttribute('aria-describedby', hint.id);
  const add = make('button', { className: 'plain', textContent: texts.add });
  const adding = make('form', { className: 'adding', noValidate: true }, field, add);
  adding.addEventListener('submit', (event) => {
    event.preventDefault();
    const name = readName(input);
    if (add.disabled || name === undefined) return;
    add.disabled = true;
    void change('instances', { method: 'POST', body: JSON.stringify({ name }) }, fillIn(texts.added, { name })).then((isDone) => {
      add.disabled = false;
      if (isDone) input.value = '';
      else input.focus();
    });
  });
  section.append(list, adding, hint, note);
  void ask<'listInstances'>('instances').then((reply) => reply && show(reply));
}

function pathOf(id: string, rest = ''): string {
  return `instances/${encodeURIComponent(id)}${rest}`;
}
