// class-transformer ships no types for this file, the only door to what @Type() recorded.
declare module 'class-transformer/cjs/storage.js' {
  export { defaultMetadataStorage } from 'class-transformer/types/storage.js';
}
