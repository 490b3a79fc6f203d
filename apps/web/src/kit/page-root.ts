/**
 * Returns the api's address without a slash at the end. Our files are in `<root>/pages/assets`, and a proxy
 * may serve everything below its own path.
 */
export function pageRoot(): string {
  return new URL(/* @vite-ignore */ '../..', import.meta.url).href.replace(/\/$/, '');
}
