/** Paths of the callbacks below the base URL. The registration lists them and the controller serves them. */
export const CALLBACK_PATHS = {
  makeCallUrl: '/telephony/make-call',
  changeUserStatusUrl: '/telephony/user-status',
  personalAccountUrl: '/telephony/account',
} as const;

/** Path of the recordings below the module's address. */
export const RECORDS_PATH = '/telephony/records';
