/** Names the page in the browser's tab, so that two tabs differ. */
export function setTitle(title: string): void {
  document.title = `${title} · Crossdock`;
}
