import type { RecommendationManifest } from '#recommendation/port';
import { firstSteps } from './copurchase.first-steps.js';
import { checkCopurchaseSettings, CopurchaseSettings } from './copurchase.settings.js';
import { texts } from './copurchase.texts.js';

/** Two bags that share a piece: drawn for this project. */
const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 64" role="img" aria-label="Recommendations">' +
  '<path d="M10 22h36l4 36H6z" fill="#e08a1e"/><path d="M50 22h36l4 36H46z" fill="#c2571a" fill-opacity=".9"/>' +
  '<path d="M20 22c0-18 16-18 16 0M60 22c0-18 16-18 16 0" fill="none" stroke="#5c3412" stroke-width="4"/>' +
  '<path d="M48 32v16M40 40h16" stroke="#fff" stroke-width="5"/></svg>';

/** Description of the co-purchase service. Its modes are the two of the reference. */
export const copurchaseManifest: RecommendationManifest<CopurchaseSettings> = {
  code: 'copurchase',
  portVersion: 2,
  title: texts.title,
  logo,
  countries: ['RU', 'ES', 'MX'],
  settings: CopurchaseSettings,
  firstSteps,
  createDefaultSettings: () => new CopurchaseSettings(),
  checkSettings: checkCopurchaseSettings,
  modes: [
    { code: 'buying_with', name: texts.modes.buying_with },
    { code: 'analogs', name: texts.modes.analogs },
  ],
  scopes: ['order_read', 'store_read'],
  addDefaultModes: (settings) => settings.addDefaultModes,
};
