export * from './failures/failure-rows.js';
export * from './failures/failures.service.js';
export * from './insight.module.js';
export * from './search/search-query.js';
export * from './search/search.service.js';
export * from './story/story.js';
export * from './story/story.service.js';
export * from './teller.js';
