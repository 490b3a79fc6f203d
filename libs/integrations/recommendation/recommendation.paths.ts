/** Path of the callback below the base URL. The registration lists it and the controller serves it. */
export const CALLBACK_PATHS = { recommendation: '/recommendation' } as const;
