import { computed, type WritableComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';

/**
 * A text in the URL, such as a filter. Empty if it is missing. Setting it adds a step to the history
 * and returns to the first page of the list, unless `keepsPage`.
 */
export function useQueryText(name: string, { keepsPage = false } = {}): WritableComputedRef<string> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get: () => readText(route.query[name]),
    set: (text) => void router.push({ query: { ...route.query, ...(!keepsPage && { page: undefined }), [name]: text || undefined } }),
  });
}

/** The page of a list, in the URL. The URL does not contain the first page. */
export function useQueryPage(): WritableComputedRef<number> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get: () => Math.max(1, Math.trunc(Number(readText(route.query.page))) || 1),
    set: (page) => void router.push({ query: { ...route.query, page: page > 1 ? String(page) : undefined } }),
  });
}

function readText(value: unknown): string {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : '';
}
