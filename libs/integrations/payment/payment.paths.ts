/** Paths of the callbacks below the base URL. The registration lists them and the controller serves them. */
export const CALLBACK_PATHS = {
  create: '/payment/create',
  approve: '/payment/approve',
  cancel: '/payment/cancel',
  refund: '/payment/refund',
  status: '/payment/status',
} as const;
