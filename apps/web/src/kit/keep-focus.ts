import { onBeforeUnmount, onMounted, type Ref } from 'vue';

/** The content has the focus because its heading is not there yet, as while a file of the page is loaded. */
let awaitsHeading = false;

/** Goes to what the page is about: its heading, or its content as a whole until that has one. */
export function focusContent(): void {
  const content = document.getElementById('content');
  const heading = content?.querySelector('h1');
  if (heading) heading.tabIndex = -1;
  (heading ?? content)?.focus({ preventScroll: true });
  awaitsHeading = !heading;
}

/**
 * Keeps the place of who uses the keyboard: when what has the focus is taken away, as a button whose act is
 * done, the focus goes to what is nearest of that which is left.
 */
export function keepFocus(root: Readonly<Ref<HTMLElement | null>>): void {
  /** The focused element and all that it is in, the innermost first. */
  let path: HTMLElement[] = [];
  const remember = ({ target }: Event): void => {
    path = [];
    for (let element = target as HTMLElement | null; element && element !== root.value; element = element.parentElement) path.push(element);
  };
  // Who presses beside everything wants no focus.
  const forget = (): void => {
    path = [];
    awaitsHeading = false;
  };
  const mend = (): void => {
    if (awaitsHeading && document.activeElement === root.value && root.value?.querySelector('h1')) return focusContent();
    if (path[0]?.isConnected !== false || document.activeElement !== document.body) return;
    const rest = path.filter((element) => element.isConnected);
    path = [];
    for (const element of rest) {
      const next = element.querySelector<HTMLElement>('a[href], button:enabled, input:enabled, select:enabled, summary');
      if (next?.checkVisibility()) return next.focus({ preventScroll: true });
    }
    focusContent();
  };
  const observer = new MutationObserver(mend);
  onMounted(() => {
    root.value?.addEventListener('focusin', remember);
    document.addEventListener('pointerdown', forget, { capture: true });
    if (root.value) observer.observe(root.value, { childList: true, subtree: true });
  });
  onBeforeUnmount(() => {
    document.removeEventListener('pointerdown', forget, { capture: true });
    observer.disconnect();
  });
}
