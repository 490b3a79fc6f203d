/** A figure at the service: a value, or a function that is read after the call. */
export type Figure<T> = T | (() => T | Promise<T>);

/** Returns the value of a figure. */
export async function readFigure<T>(figure: Figure<T>): Promise<T> {
  return typeof figure === 'function' ? await (figure as () => T | Promise<T>)() : figure;
}
