/** Codes of the adapter's own fields in the CRM's delivery form. The CRM stores them: they never change. */
export const FIELD = { city: 'city', comment: 'comment', services: 'services' } as const;

/** Codes of the adapter's own fields in the CRM's shipment form. */
export const SHIPMENT_FIELD = { needCall: 'needCall', intake: 'intake', number: 'intakeNumber' } as const;

/** Codes of the printed forms. Forms of a shipment print all of its deliveries. */
export const FORM = { label: 'label', waybill: 'waybill', labels: 'labels', waybills: 'waybills' } as const;

/** Lists that fields of the settings are looked up in. */
export const LOOKUP = { cities: 'cities', points: 'points', tariffs: 'tariffs' } as const;
