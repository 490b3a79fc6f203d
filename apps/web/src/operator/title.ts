/** Sets the page's title in the browser's tab, so that two tabs differ. */
export function setTitle(title: string): void {
  document.title = `${title} · Crossdock`;
}
