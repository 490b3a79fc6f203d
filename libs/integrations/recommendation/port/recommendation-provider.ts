import type { LocalText } from '#platform/plain';
import type { Provider, ProviderContext, ProviderManifest } from '#provider-kit';

/** By which of the CRM's two fields products are named (reference: recommendation callback, `by`). */
export type ProductField = 'id' | 'externalId';

/** A kind of recommendation the CRM may ask for (reference: `Mode`). */
export interface RecommendationMode {
  code: string;
  name: LocalText;
}

/** The CRM's own modes (reference: `Mode` of the recommendation callback). */
export const CRM_MODES: readonly string[] = ['buying_with', 'analogs'];

/** What the CRM asks: which products go with these. */
export interface RecommendationRequest {
  by: ProductField;
  /** One or more, in the order asked; ids are digits. Unknown ones are ignored. */
  products: readonly string[];
  /** Code of one of the manifest's modes, or with `addDefaultModes` one of CRM_MODES. */
  mode: string;
}

/** What a recommendation provider says of itself. */
export interface RecommendationManifest<S extends object> extends ProviderManifest<S> {
  modes: readonly RecommendationMode[];
  /** Scopes its reading of the CRM needs (reference: "permission is required" of each method used). */
  scopes: readonly string[];
  /** Whether the CRM is to offer its own default modes as well (reference: `addDefaultModes`). */
  addDefaultModes(settings: S): boolean;
  /** What differs with these settings. The CRM may ask for an old mode until it has the new registration. */
  bySettings?(settings: S): Partial<Pick<RecommendationManifest<S>, 'modes'>>;
}

/** Finds products that go with others. Throws ProviderError and nothing else; keeps to `context.signal`. */
export interface RecommendationProvider<S extends object = object> extends Provider<S> {
  readonly manifest: RecommendationManifest<S>;

  /**
   * Returns products, best first, by the field they were asked in, without the asked ones; empty if none are
   * known.
   */
  recommend(request: RecommendationRequest, context: ProviderContext<S>): Promise<string[]>;
}
