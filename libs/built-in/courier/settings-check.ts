import { checkUniqueCodes, checkZones, type Complain, readText } from '#delivery/prices';
import { type Language, type LocalText, textFor } from '#platform';
import type { CourierSettings } from './courier.settings.js';
import { texts } from './courier.texts.js';

/** Maximum number of reported problems, because a form with more is not read to its end. */
const MOST_COMPLAINTS = 50;

/**
 * Checks rules beyond field types: unique codes, existing references, ordered ranges, each place in one zone.
 * @returns problems by path in the language. Empty if valid
 */
export function checkCourierSettings(settings: CourierSettings, language: Language = 'en'): Record<string, string> {
  const complaints = new Map<string, LocalText>();
  const complain: Complain = (path, text) => {
    if (complaints.size < MOST_COMPLAINTS && !complaints.has(path)) complaints.set(path, text);
  };
  const tariffs = checkUniqueCodes(settings.tariffs, 'tariffs', complain);
  const hubs = checkUniqueCodes(settings.hubs, 'hubs', complain);
  checkUniqueCodes(settings.points, 'points', complain);

  for (const list of ['tariffs', 'zones'] as const)
    settings[list].forEach(({ name }, index) => {
      if (readText(name, language) === undefined) complain(`${list}[${index}].name`, texts.problems.noName);
    });

  checkZones(settings.zones, tariffs, complain);
  const zones = new Map(settings.zones.map((zone) => [zone.code, zone]));
  settings.zones.forEach((zone, z) => {
    const path = `zones[${z}]`;
    if (zone.hub && !hubs.has(zone.hub)) complain(`${path}.hub`, texts.problems.noSuchHub);
    zone.windows.forEach((window, w) => {
      if (window.to <= window.from) complain(`${path}.windows[${w}].to`, texts.problems.windowReversed);
    });
  });

  settings.points.forEach((point, p) => {
    point.zones.forEach((code, z) => {
      const zone = zones.get(code);
      const path = `points[${p}].zones[${z}]`;
      if (!zone) complain(path, texts.problems.noSuchZone);
      else if (!zone.areas.some(({ country }) => country === point.country)) complain(path, texts.problems.otherCountry);
    });
  });
  return Object.fromEntries([...complaints].map(([path, text]) => [path, textFor(text, language)]));
}
