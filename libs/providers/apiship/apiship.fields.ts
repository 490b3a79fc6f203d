/** Codes of the adapter's own fields in the CRM's delivery form. The CRM stores them: they never change. */
export const FIELD = { comment: 'comment', service: 'service' } as const;

/** Codes of the adapter's own fields in the CRM's shipment form. */
export const SHIPMENT_FIELD = { call: 'courierCall', number: 'courierNumber' } as const;

/** Codes of the printed forms. Forms of a shipment print all of its deliveries. */
export const FORM = { label: 'label', labels: 'labels', acts: 'acts' } as const;

/** Lists that fields of the settings are looked up in. */
export const LOOKUP = {
  carriers: 'carriers',
  connections: 'connections',
  points: 'points',
  tariffs: 'tariffs',
  services: 'services',
} as const;
