export * from './event-streams.js';
export * from './guesses.js';
export * from './html.js';
export * from './operator-list.js';
export * from './page.dto.js';
export * from './read-on.js';
export * from './request-number.js';
export * from './streamed-body.js';
