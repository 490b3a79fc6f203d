/** Paths of the callbacks below the base URL: the registration names them, the controller serves them. */
export const CALLBACK_PATHS = {
  inventoriesUpload: '/store/inventories-upload',
  inventoriesActualize: '/store/inventories-actualize',
} as const;
