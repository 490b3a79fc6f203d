import type { LocalText } from '#platform/plain';
import type { Provider, ProviderContext, ProviderManifest } from '#provider-kit';

/** The CRM's field that identifies products (reference: recommendation callback, `by`). */
export type ProductField = 'id' | 'externalId';

/** A kind of recommendation that the CRM can request (reference: `Mode`). */
export interface RecommendationMode {
  code: string;
  name: LocalText;
}

/** The CRM's own modes (reference: `Mode` of the recommendation callback). */
export const CRM_MODES: readonly string[] = ['buying_with', 'analogs'];

/** The CRM's request: products to find recommendations for. */
export interface RecommendationRequest {
  by: ProductField;
  /** One or more, in the order of the request. Ids are digits. Unknown products are ignored. */
  products: readonly string[];
  /** Code of one of the manifest's modes, or with `addDefaultModes` one of CRM_MODES. */
  mode: string;
}

/** A recommendation provider's description. */
export interface RecommendationManifest<S extends object> extends ProviderManifest<S> {
  modes: readonly RecommendationMode[];
  /** Scopes that its reading of the CRM needs (reference: "permission is required" of each method used). */
  scopes: readonly string[];
  /** Whether the CRM also offers its own default modes (reference: `addDefaultModes`). */
  addDefaultModes(settings: S): boolean;
  /**
   * Returns the parts that differ with these settings. The CRM may request an old mode until it has the new
   * registration.
   */
  bySettings?(settings: S): Partial<Pick<RecommendationManifest<S>, 'modes'>>;
}

/**
 * Finds products that are bought together with others. Throws only ProviderError and respects
 * `context.signal`.
 */
export interface RecommendationProvider<S extends object = object> extends Provider<S> {
  readonly manifest: RecommendationManifest<S>;

  /**
   * Returns products, best first, by the field of the request, without the requested ones. Empty if there are
   * none.
   */
  recommend(request: RecommendationRequest, context: ProviderContext<S>): Promise<string[]>;
}
