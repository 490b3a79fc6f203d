/** Paths of the callbacks below the base URL: the registration names them, the controller serves them. */
export const CALLBACK_PATHS = {
  create: '/payment/create',
  approve: '/payment/approve',
  cancel: '/payment/cancel',
  refund: '/payment/refund',
  status: '/payment/status',
} as const;
