/** The address of Redoc's browser bundle. Bundling it again would break it. */
declare module 'redoc/bundles/redoc.standalone.js?url' {
  const address: string;
  export default address;
}

/** The part of Redoc that the page calls. */
declare const Redoc: {
  /** Renders the OpenAPI document at an address into an element. */
  init(address: string, options: object, element: HTMLElement): void;
};
