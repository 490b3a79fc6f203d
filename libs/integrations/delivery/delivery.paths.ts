/** Paths of the callbacks below the base URL: the registration names them, the controller serves them. */
export const CALLBACK_PATHS = {
  calculate: '/delivery/calculate',
  save: '/delivery/save',
  get: '/delivery/get',
  delete: '/delivery/delete',
  print: '/delivery/print',
  shipmentPointList: '/delivery/shipment-points',
  tariffList: '/delivery/tariffs',
  shipmentSave: '/delivery/shipment-save',
  shipmentDelete: '/delivery/shipment-delete',
} as const;

/** Path of an autocomplete field's suggestions, below which the field's code stands. */
export const AUTOCOMPLETE_PATH = '/delivery/autocomplete';
