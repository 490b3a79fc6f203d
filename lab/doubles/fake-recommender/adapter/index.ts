export { FakeRecommenderProvider } from './fake-recommender.provider.js';
