/** Paths of the callbacks below the base URL. The registration lists them and the controller serves them. */
export const CALLBACK_PATHS = {
  inventoriesUpload: '/store/inventories-upload',
  inventoriesActualize: '/store/inventories-actualize',
} as const;
