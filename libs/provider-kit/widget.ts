import type { LocalText } from '#platform/plain';

/**
 * A row that a provider adds to the sidebar of its widgets in the CRM's cards. The value is read from stored
 * data, never from the service. Without a value there is no row.
 */
export interface ProviderWidgetRow {
  readonly label: LocalText;
  /**
   * Key of the value. Delivery: in its `extraData`, as the CRM sent it and `save` returned it. Payment: in
   * its `memory`. Store: in the `memory` of the order's reservation.
   */
  readonly field: string;
  /** Texts of values, such as of codes. Other values are shown unchanged. */
  readonly values?: Readonly<Record<string, LocalText>>;
  /** Link of the row, an https address with the value in place of `{value}`. */
  readonly link?: string;
  /** Whether a button copies the value. Default: no. */
  readonly copy?: boolean;
}

/** Additions of a provider to the widgets of its modules. */
export interface ProviderWidget {
  readonly rows: readonly ProviderWidgetRow[];
}
