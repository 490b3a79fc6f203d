/** Token of the limiter towards the CRM that all processes of a deployment share. */
export const CRM_LIMITER = Symbol('CRM_LIMITER');
