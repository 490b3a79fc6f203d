/**
 * Where the api is, without a slash at the end: below the same path as our files, which lie in
 * `<root>/pages/assets`. A proxy may serve all of it below a path of its own.
 */
export function pageRoot(): string {
  return new URL(/* @vite-ignore */ '../..', import.meta.url).href.replace(/\/$/, '');
}
