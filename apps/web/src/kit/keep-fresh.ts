import { onScopeDispose, type Ref } from 'vue';
import type { Query } from './use-query.js';

/** Somebody who touched nothing for so long is taken to be away, milliseconds. */
const ATTENDED_MS = 10 * 60_000;
let touchedAt = Date.now();
for (const event of ['pointermove', 'pointerdown', 'keydown', 'wheel'])
  addEventListener(event, () => (touchedAt = Date.now()), { passive: true });

/** Whether somebody looks at the page: one that was left open must not keep its session alive. */
function isAttended(): boolean {
  return !document.hidden && Date.now() - touchedAt < ATTENDED_MS;
}

/**
 * Asks again every `everyMs` milliseconds while somebody looks at the page, and when they are back; not
 * while changes are told by themselves (`isTold`).
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
