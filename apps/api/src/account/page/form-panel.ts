import { type FormView, makeFormView } from './form-view.js';
import { Lookups } from './lookups.js';
import { PageApi, type PageOperation, type Refusal, type Reply } from './page-api.js';
import type { PageData } from './page-data.js';

/** Elements of a form on the page. */
export interface PanelElements {
  /** What the fields stand in. */
  fields: HTMLFieldSetElement;
  /** Says how things went. */
  note: HTMLElement;
  /** What cannot be used while the server is asked. */
  buttons: readonly HTMLButtonElement[];
}

/** A form of the page: asks the server, and shows what it says. */
export class FormPanel {
  readonly view: FormView;
  readonly lookups: Lookups;
  private readonly api: PageApi;

  constructor(
    private readonly elements: PanelElements,
    private readonly data: PageData,
  ) {
    this.api = new PageApi(data.token, data.provider);
    this.lookups = new Lookups(async (name, term, signal) => {
      const path = `lookups/${encodeURIComponent(name)}?${new URLSearchParams({ term }).toString()}`;
      const reply = await this.api.call<'lookUp'>(path, signal ? { signal } : {});
      if (signal?.aborted) return undefined;
      const isSaid = reply.status !== 401 && reply.refusal?.errorMsg !== undefined;
      return reply.body ?? { reason: isSaid ? (reply.refusal?.errorMsg ?? '') : this.describeSilence(reply) };
    });
    this.view = makeFormView(elements.fields, { ...data, lookups: this.lookups });
  }

  /** Whether the server is being asked. */
  get isBusy(): boolean {
    return this.elements.fields.disabled;
  }

  /** Says something in the form's line of news. */
  say(message: string, tone: 'good' | 'bad' | '' = ''): void {
    this.elements.note.textContent = message;
    this.elements.note.className = `note ${tone}`.trim();
  }

  /** Returns the reply, or shows what went wrong; `refuse`: shows a refusal, by default at the fields. */
  async ask<Id extends PageOperation>(
    path: string,
    init: RequestInit = {},
    refuse = (refusal: Refusal): void => this.refuse(refusal),
  ): Promise<Reply<Id> | undefined> {
    const reply = await this.api.call<Id>(path, init);
    if (reply.body) return reply.body;
    if (reply.status === 401 || !reply.refusal) this.say(this.describeSilence(reply), 'bad');
    else refuse(reply.refusal);
    return undefined;
  }

  /** Asks while nothing can be changed. */
  async askAlone<Id extends PageOperation>(
    path: string,
    init: RequestInit,
    refuse?: (refusal: Refusal) => void,
  ): Promise<Reply<Id> | undefined> {
    const controls = [this.elements.fields, ...this.elements.buttons];
    for (const control of controls) control.disabled = true;
    const reply = await this.ask<Id>(path, init, refuse);
    for (const control of controls) control.disabled = false;
    return reply;
  }

  /** Marks what the page itself knows to be wrong, and says so; false when there is something. */
  isFilledIn(): boolean {
    if (this.view.isFilledIn()) return true;
    this.say(this.data.texts.check, 'bad');
    return false;
  }

  /** Shows a refusal at the fields that it is about, and says what is about none. */
  refuse({ errorMsg, errors = {} }: Refusal): void {
    const elsewhere = this.view.markAll(errors);
    const isMarked = Object.keys(errors).length > elsewhere.length;
    this.say((isMarked ? [this.data.texts.check, ...elsewhere] : [...new Set([errorMsg, ...elsewhere])].filter(Boolean)).join('\n'), 'bad');
    this.view.focusFirst();
  }

  /** Why a call came to nothing, where the server does not say. */
  private describeSilence({ status }: { status?: number }): string {
    return this.data.texts[status === 401 ? 'ended' : 'unreachable'];
  }
}
