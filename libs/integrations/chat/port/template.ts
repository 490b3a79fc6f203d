import type { OutMedia } from './out-media.js';

/** Purpose of a template. A messenger may change it. */
export const TEMPLATE_CATEGORIES = ['utility', 'marketing', 'authentication'] as const;
export type TemplateCategory = (typeof TEMPLATE_CATEGORIES)[number];

/** `approved`: can be sent. `pending`: in review. `paused`, `disabled`: for some time, or for good. */
export const TEMPLATE_STATUSES = ['approved', 'pending', 'rejected', 'paused', 'disabled'] as const;
export type TemplateStatus = (typeof TEMPLATE_STATUSES)[number];

/** Customers' opinion of a template. `pending`: not known yet. */
export const TEMPLATE_QUALITIES = ['pending', 'high', 'medium', 'low'] as const;
export type TemplateQuality = (typeof TEMPLATE_QUALITIES)[number];

/** Reasons of a rejection that the gateway knows. */
export const TEMPLATE_REASONS = ['abusive_content', 'incorrect_category', 'invalid_format', 'scam'] as const;
export type TemplateReason = (typeof TEMPLATE_REASONS)[number];

/** Kinds of headers that are a file, which each message brings. */
export const FILE_HEADERS = ['image', 'video', 'document'] as const;
export type FileHeader = (typeof FILE_HEADERS)[number];

/** The header of a template: a text, which may contain `{{1}}`, or a file. */
export type TemplateHeader = { type: 'text'; text: string } | { type: FileHeader };

/** A button of a template. `plain`: a quick reply. The address of `url` may contain `{{1}}`. */
export type TemplateButton =
  | { type: 'plain'; label: string }
  | { type: 'phone'; label: string; phone: string }
  | { type: 'url'; label: string; url: string };

/** Sample values, which reviewers at the messenger read. */
export interface TemplateExample {
  /** For the placeholders of the header's text. */
  header?: readonly string[];
  /** For the placeholders of the body, in order. */
  body?: readonly string[];
  /** One list for each button, empty without a placeholder. */
  buttons?: readonly (readonly string[])[];
  /** For a header that is a file. */
  file?: OutMedia;
}

/** Identifies a template of an account. Our code of it contains both. */
export interface TemplateName {
  name: string;
  /** As the messenger writes it, such as `es` or `pt_BR`. */
  language: string;
}

/** A template: a text that the messenger approves first, and may then send at any time. */
export interface MessengerTemplate extends TemplateName {
  category?: TemplateCategory;
  header?: TemplateHeader;
  /** With the placeholders `{{1}}`, `{{2}}`. An adapter translates a messenger's named placeholders. */
  body: string;
  footer?: string;
  buttons?: readonly TemplateButton[];
}

/** Standing of a template at the messenger. */
export interface TemplateState {
  status: TemplateStatus;
  quality?: TemplateQuality;
  /** Only with `rejected`, and only reasons that the gateway knows. */
  reason?: TemplateReason;
  /** The messenger's own words about a rejection or a pause. */
  note?: string;
  /** Only if the messenger has changed it. */
  category?: TemplateCategory;
  /**
   * The adapter's own data of the template, at most 4,000 characters, such as its id or the names of its
   * placeholders. It is stored, and returned with each later call about the template.
   */
  data?: string;
}

/** A template at the messenger. */
export interface ListedTemplate extends MessengerTemplate {
  state: TemplateState;
  /**
   * Why the gateway cannot describe it, in English. It is then only listed for people, for example because of
   * a button of another type.
   */
  unusable?: string;
}

/** A template in a message, with its values. It has as many values as placeholders. */
export interface OutTemplate extends TemplateName {
  category?: TemplateCategory;
  /** The adapter's own data of the template (`TemplateState.data`). */
  data?: string;
  header?: { type: 'text'; values: readonly string[] } | { type: FileHeader; file: OutMedia };
  /** Values of the placeholders in the body, in order. */
  body: readonly string[];
  /** All buttons of the template in its order, each with the values of its placeholders. */
  buttons: readonly { type: TemplateButton['type']; values: readonly string[] }[];
}
