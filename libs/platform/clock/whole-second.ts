/** Returns the beginning of the second that a moment is in, as the wire formats name it. */
export function toWholeSecond(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / 1000) * 1000);
}
