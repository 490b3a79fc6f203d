import { onBeforeUnmount, onMounted, onScopeDispose, type Ref, watch } from 'vue';
import type { Router } from 'vue-router';

/** The content has the focus while its heading is missing, such as while a file of the page loads. */
let awaitsHeading = false;

/** Focuses the heading of the page, or the whole content until there is a heading. */
export function focusContent(): void {
  const content = document.getElementById('content');
  const heading = content?.querySelector('h1');
  if (heading) heading.tabIndex = -1;
  (heading ?? content)?.focus({ preventScroll: true });
  awaitsHeading = !heading;
}

/**
 * Focuses the content of each new page, because screen readers and the tab key continue there. A user who
 * moved the focus while the page's files were loading, such as to the search box, keeps it.
 */
export function focusNewPages(router: Router): void {
  let left = document.activeElement;
  onScopeDispose(router.beforeEach(() => void (left = document.activeElement)));
  const focus = (): void => {
    if ([left, document.body].includes(document.activeElement)) focusContent();
  };
  watch(() => router.currentRoute.value.path, focus, { flush: 'post' });
}

/**
 * Keeps the place of keyboard users. If the focused element is removed, such as a button whose action is
 * finished, the focus moves to the nearest remaining element.
 */
export function keepFocus(root: Readonly<Ref<HTMLElement | null>>): void {
  /** The focused element and its ancestors, the innermost first. */
  let path: HTMLElement[] = [];
  const remember = ({ target }: Event): void => {
    path = [];
    for (let element = target as HTMLElement | null; element && element !== root.value; element = element.parentElement) path.push(element);
  };
  // A user who presses the pointer does not need the focus restored.
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
