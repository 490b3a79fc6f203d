import { copyOnClick, make, nextId } from './dom.js';
import type { PageData } from './page-data.js';
import { describeService, type Line, type ManualStep, type ServicePanel, type ServiceView } from './service-state.js';

/** Shows what stands at the service; the section is hidden while there is nothing to say. */
export class ServiceSection {
  private readonly content = make('div', {});
  private hasLeft = false;
  /** Something is left to be done or decided. */
  hasAction = false;

  /** @param connect sets the connection up at its service; it ends once the section shows the new state */
  constructor(
    private readonly section: HTMLElement,
    private readonly data: Pick<PageData, 'texts' | 'language'>,
    private readonly connect: (replace: boolean) => Promise<void>,
  ) {
    section.append(this.content);
    section.tabIndex = -1;
  }

  /** `more`: what is to be said and has no field. */
  show(service: ServiceView, more: readonly string[] = []): void {
    const panel = describeService(service, this.data.texts, this.hasLeft);
    this.hasAction = panel.action !== undefined;
    const lines = [...panel.lines, ...more.map((text): Line => ({ text, tone: '' }))];
    const [first, ...rest] = lines.map(({ text, tone }) => make('p', { className: tone, textContent: text }));
    this.content.replaceChildren(
      ...(first ? [first] : []),
      // The first line is about the check.
      ...this.renderTime(service),
      ...rest,
      ...panel.steps.map((step) => this.renderStep(step)),
      ...this.renderActions(panel, service, more),
    );
    this.section.hidden = lines.length === 0 && panel.steps.length === 0;
  }

  /** Brings it into sight. */
  focus(): void {
    this.section.focus({ preventScroll: true });
    this.section.scrollIntoView({ block: 'start' });
  }

  private renderStep({ about, address, events = [], text }: ManualStep): HTMLElement {
    const { texts } = this.data;
    return make(
      'div',
      { className: 'step' },
      make('p', { textContent: about ? `${about}: ${text}` : text }),
      this.renderCopied(texts.manual, address),
      ...(events.length > 0 ? [this.renderCopied(texts.events, events.join(', '))] : []),
    );
  }

  private renderCopied(title: string, value: string): HTMLElement {
    const { texts } = this.data;
    const input = make('input', { id: nextId(), readOnly: true, value });
    const copy = make('button', { type: 'button', className: 'plain', textContent: texts.copy });
    copy.setAttribute('aria-describedby', input.id);
    copyOnClick(copy, input, texts.copied);
    const label = make('label', { htmlFor: input.id, textContent: title });
    return make('div', { className: 'field' }, label, make('span', { className: 'address' }, input, copy));
  }

  private renderActions({ action }: ServicePanel, service: ServiceView, more: readonly string[]): HTMLElement[] {
    if (!action) return [];
    const { texts } = this.data;
    const act = make('button', { type: 'button', className: 'plain', textContent: texts[action] });
    const buttons = [act];
    if (action === 'replace' && !this.hasLeft) {
      const leave = make('button', { type: 'button', className: 'plain', textContent: texts.leave });
      leave.addEventListener('click', () => {
        this.hasLeft = true;
        this.show(service, more);
        this.focus();
      });
      buttons.push(leave);
    }
    act.addEventListener('click', () => {
      for (const button of buttons) button.disabled = true;
      this.hasLeft = false;
      void this.connect(action === 'replace').then(() => {
        for (const button of buttons) button.disabled = false;
        this.focus();
      });
    });
    return [make('p', { className: 'actions' }, ...buttons)];
  }

  private renderTime({ check }: ServiceView): HTMLElement[] {
    if (!check) return [];
    const at = new Intl.DateTimeFormat(this.data.language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(check.at));
    const time = make('time', { dateTime: check.at, textContent: at });
    return [make('p', { className: 'hint' }, `${this.data.texts.checkedAt} `, time)];
  }
}
