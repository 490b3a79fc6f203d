/** Paths of the callbacks below the base URL. The registration lists them and the controller serves them. */
export const CALLBACK_PATHS = { online: '/chat/online', visits: '/chat/visits' } as const;

/** Path of customers' pictures below the module's address. */
export const PICTURES_PATH = '/chat/pictures';
