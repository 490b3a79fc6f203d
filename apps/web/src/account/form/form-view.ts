import { nextTick, shallowRef, ref, toRaw } from 'vue';
import { sectionOf } from './entry-tree.js';
import type { Entry } from './form-values.js';

/** Maximum number of checks whether an entry has been rendered. Its file may have to load. */
const MOST_LOOKS = 60;

/** The elements of a form's entries on the page, and the entry to show. */
export class FormView {
  /** Code of the section to show because an entry in it is to be shown. */
  readonly wantedSection = ref('');
  /** The path to the entry to show. Lists open their rows along it. */
  readonly revealed = shallowRef<readonly Entry[]>([]);
  private readonly controls = new Map<Entry, HTMLElement>();

  /** Registers the element that gets the focus when an entry is shown. */
  place(entry: Entry, control: HTMLElement): void {
    this.controls.set(toRaw(entry), control);
  }

  /** Unregisters it, unless another element has replaced it. */
  unplace(entry: Entry, control: HTMLElement): void {
    if (this.controls.get(toRaw(entry)) === control) this.controls.delete(toRaw(entry));
  }

  /** Unregisters all elements. */
  clear(): void {
    this.controls.clear();
  }

  /** Focuses an entry after it was rendered. */
  async focus(entry: Entry): Promise<void> {
    for (let look = 0; look < MOST_LOOKS; look++) {
      await nextTick();
      const control = this.findShown(toRaw(entry));
      if (control) return control.focus();
      await new Promise(requestAnimationFrame);
    }
  }

  /** Shows an entry in its section and rows, and focuses it. `trail`: its path, starting with the form. */
  async reveal(trail: readonly Entry[]): Promise<void> {
    this.wantedSection.value = trail[1] ? sectionOf(trail[1].field) : '';
    this.revealed.value = trail;
    let control: HTMLElement | undefined;
    for (let look = 0; look < MOST_LOOKS && !control; look++) {
      await nextTick();
      await new Promise(requestAnimationFrame);
      control = this.findShown(trail.at(-1));
    }
    control ??= [...trail].reverse().flatMap((entry) => this.findShown(entry) ?? [])[0];
    control?.focus();
    control?.scrollIntoView({ block: 'nearest' });
    this.wantedSection.value = '';
    this.revealed.value = [];
  }

  private findShown(entry: Entry | undefined): HTMLElement | undefined {
    const control = entry && this.controls.get(entry);
    return control && control.getClientRects().length > 0 ? control : undefined;
  }
}
