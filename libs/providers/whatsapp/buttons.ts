import type { OutMessage } from '#chat/port';
import { type Language, textFor } from '#platform';
import { cutText } from '#provider-kit';
import { texts } from './whatsapp.texts.js';

/** Buttons for suggestions, and lines after the text for suggestions that fit no button. */
export interface Buttons {
  /** Makes the message with the buttons below this text, of at most 1,024 characters. */
  make?(body: string): object;
  lines: string[];
}

/**
 * WhatsApp's limits: buttons, rows of a list, characters of the titles of a button and of a row,
 * and of a row's description.
 */
const MOST = { buttons: 3, rows: 10, title: 20, row: 24, description: 72 };

/**
 * Makes buttons of suggestions: up to three answers, or a list of up to ten, or one link. Links next to
 * answers, and other suggestions, become lines.
 */
export function toButtons(suggestions: OutMessage['suggestions'] = [], language: Language): Buttons {
  const links = suggestions.filter(({ type, payload }) => type === 'url' && /^https?:\/\/\S+$/.test(payload ?? ''));
  const titles = suggestions.flatMap(({ type, title }) => (type === 'text' && title.trim() !== '' ? [title.trim()] : []));
  // WhatsApp rejects equal titles.
  const answers = titles.filter(
    (title, index) => titles.findIndex((one) => cutText(one, MOST.title) === cutText(title, MOST.title)) === index,
  );
  const [link] = links;
  const lines = (some: typeof links): string[] => some.map(({ title, payload }) => `${title}: ${payload}`);
  const rest = (from: number): string[] => [...answers.slice(from).map((title) => `– ${title}`), ...lines(links)];
  if (answers.length > MOST.buttons) return { make: (body) => toList(body, answers.slice(0, MOST.rows), language), lines: rest(MOST.rows) };
  if (answers.length > 0) return { make: (body) => toReplies(body, answers), lines: lines(links) };
  if (link && links.length === 1) return { make: (body) => toLink(body, link), lines: [] };
  return { lines: lines(links) };
}

type Suggestion = NonNullable<OutMessage['suggestions']>[number];

function toReplies(text: string, answers: readonly string[]): object {
  const buttons = answers.map((title, index) => ({ type: 'reply', reply: { id: String(index + 1), title: cutText(title, MOST.title) } }));
  return { type: 'interactive', interactive: { type: 'button', body: { text }, action: { buttons } } };
}

function toList(text: string, answers: readonly string[], language: Language): object {
  const rows = answers.map((title, index) => ({
    ...{ id: String(index + 1), title: cutText(title, MOST.row) },
    ...(title.length > MOST.row && { description: cutText(title, MOST.description) }),
  }));
  const button = cutText(textFor(texts.choices, language), MOST.title);
  return { type: 'interactive', interactive: { type: 'list', body: { text }, action: { button, sections: [{ title: button, rows }] } } };
}

function toLink(text: string, { title, payload: url }: Suggestion): object {
  const parameters = { display_text: cutText(title.trim(), MOST.title), url };
  return { type: 'interactive', interactive: { type: 'cta_url', body: { text }, action: { name: 'cta_url', parameters } } };
}
