export * from './recommendation.module.js';
export * from './recommendation-providers.js';
export * from './recommendation.service.js';
export * from './dto/callback.dto.js';
