/** At most `most` characters, the last an ellipsis when the text was longer. Surrogate pairs stay whole. */
export function shortenText(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}
