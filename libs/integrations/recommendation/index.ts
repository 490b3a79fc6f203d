export * from './recommendation.integration.js';
export * from './recommendation.service.js';
export * from './dto/callback.dto.js';
