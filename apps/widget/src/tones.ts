import type { WidgetTone } from '../../../libs/widgets/widget-view.js';

/** The CRM's alerts by tone. */
export const VARIANTS = { plain: 'primary', good: 'success', warning: 'warning', bad: 'danger' } as const satisfies Record<
  WidgetTone,
  string
>;
