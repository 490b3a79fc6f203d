/** What the parts of the page make elements with. */

/** Returns an element that the document holds. */
export function byId<Element extends HTMLElement>(id: string): Element {
  return document.getElementById(id) as Element;
}

/** Makes an element with these properties and children. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Partial<HTMLElementTagNameMap[Tag]>,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

let lastId = 0;

/** Returns an id that no element of the page has. */
export function nextId(): string {
  return `f${++lastId}`;
}

const COPIED_MS = 2_000;

/** Makes the button copy what stands in the input, and say so for two seconds. */
export function copyOnClick(button: HTMLButtonElement, input: HTMLInputElement, copied: string): void {
  const name = button.textContent;
  button.addEventListener('click', () => {
    // The clipboard's own interface is closed to frames of another site; this is not.
    input.select();
    if (!document.execCommand('copy')) return;
    button.focus();
    button.textContent = copied;
    setTimeout(() => (button.textContent = name), COPIED_MS);
  });
}
