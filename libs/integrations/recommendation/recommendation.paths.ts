/** Path of the callback below the base URL: the registration names it, the controller serves it. */
export const CALLBACK_PATHS = { recommendation: '/recommendation' } as const;
