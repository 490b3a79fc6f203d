export * from './account-settings.js';
export * from './account.service.js';
export * from './activity.service.js';
export * from './onboarding.module.js';
export * from './registration-check.js';
export * from './registration-parts.js';
export * from './registration.service.js';
export * from './simple-connection.service.js';
