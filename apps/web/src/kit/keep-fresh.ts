import { onScopeDispose, type Ref } from 'vue';
import type { Query } from './use-query.js';

/** Milliseconds without any input after which the user counts as absent. */
const ATTENDED_MS = 10 * 60_000;
let touchedAt = Date.now();
for (const event of ['pointermove', 'pointerdown', 'keydown', 'wheel'])
  addEventListener(event, () => (touchedAt = Date.now()), { passive: true });

/** Whether the user is present. A page that was left open must not keep its session alive. */
function isAttended(): boolean {
  return !document.hidden && Date.now() - touchedAt < ATTENDED_MS;
}

/**
 * Reloads every `everyMs` milliseconds while the page is in use, and when the user returns. Pauses while
 * live updates arrive (`isTold`).
 */
export function keepFresh(query: Pick<Query<unknown>, 'loading' | 'reload'>, everyMs: number, isTold?: Readonly<Ref<boolean>>): void {
  const refresh = (): void => {
    if (isAttended() && !query.loading.value && !isTold?.value) void query.reload();
  };
  const timer = setInterval(refresh, everyMs);
  document.addEventListener('visibilitychange', refresh);
  onScopeDispose(() => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', refresh);
  });
}
