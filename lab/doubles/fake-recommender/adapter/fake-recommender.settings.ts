import { FIELDS } from '#platform';
import type { ProviderContext } from '#provider-kit';
import { texts } from './fake-recommender.texts.js';

const { connect } = FIELDS;

/** Settings of a connection: the account page's form comes from them. */
export class FakeRecommenderSettings {
  @connect.address(texts.settings.baseUrl, { maxLength: 200 }) baseUrl!: string;
  @connect.text(texts.settings.token, { secret: true, filled: true, maxLength: 200 }) token!: string;
}

/** The context of each call. */
export type FakeRecommenderContext = ProviderContext<FakeRecommenderSettings>;
