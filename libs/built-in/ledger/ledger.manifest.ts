import type { StoreManifest } from '#inventory/port';
import { firstSteps } from './ledger.first-steps.js';
import { checkLedgerSettings, LedgerSettings } from './ledger.settings.js';
import { texts } from './ledger.texts.js';

/** Shelves with boxes: drawn for this project. */
const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 96 64" role="img" aria-label="Stock ledger">' +
  '<path d="M10 6h5v54h-5zM81 6h5v54h-5zM10 32h76v5H10zM10 55h76v5H10z" fill="#31506e"/>' +
  '<path d="M20 12h22v20H20zM48 18h16v14H48z" fill="#e0a458"/><path d="M68 20h11v12H68z" fill="#c46f3b"/>' +
  '<path d="M20 41h14v14H20z" fill="#c46f3b"/><path d="M40 37h24v18H40z" fill="#e0a458"/>' +
  '<path d="M29 12h4v8h-4zM50 37h4v7h-4z" fill="#fff"/></svg>';

/** Description of the stock ledger. */
export const ledgerManifest: StoreManifest<LedgerSettings> = {
  code: 'ledger',
  portVersion: 2,
  title: texts.title,
  logo,
  countries: ['RU', 'ES', 'MX'],
  settings: LedgerSettings,
  firstSteps,
  createDefaultSettings: () => new LedgerSettings(),
  checkSettings: checkLedgerSettings,
  recovery: { kind: 'local' },
  listCallPoints: (settings) => ({ inventoriesUpload: settings.uploadCallPoints, inventoriesActualize: settings.actualizeCallPoints }),
};
