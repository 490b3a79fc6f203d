/** Returns the indices of values without a neighbor, or null if there are none. */
export function listLone(values: readonly (number | null)[]): number[] | null {
  const has = (index: number): boolean => (values[index] ?? null) !== null;
  const lone = values.flatMap((_, index) => (has(index) && !has(index - 1) && !has(index + 1) ? index : []));
  return lone.length > 0 ? lone : null;
}
