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

/** A button that a provider adds to the sidebar. A press calls `press` of the port. */
export interface ProviderWidgetAction {
  /** Unique in the provider: letters, digits, dots and hyphens. */
  readonly id: string;
  readonly label: LocalText;
  /**
   * States in which it is offered. Delivery: codes of the manifest's statuses. Payment: `PaymentStatus`.
   * Default: all that are not final.
   */
  readonly states?: readonly string[];
  /** Whether it changes something at the service. Then it is off until the shop switches it on. */
  readonly hasEffect: boolean;
}

/** A press of a provider's action. */
export interface ProviderPress {
  /** `id` of the action. */
  readonly action: string;
  /** UUID of the press. A repeat has the same key, and must not have a second effect. */
  readonly key: string;
}

/** Additions of a provider to the widgets of its modules. */
export interface ProviderWidget {
  readonly rows?: readonly ProviderWidgetRow[];
  /** Kinds delivery and payment only. */
  readonly actions?: readonly ProviderWidgetAction[];
}
