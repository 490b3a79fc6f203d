/** Prints a CycloneDX document of the packages in node_modules, which npm makes from package-lock.json. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const npm = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'];
const document = JSON.parse(execFileSync('npm', npm, { encoding: 'utf8', maxBuffer: 2 ** 26 }));

const { packages } = JSON.parse(readFileSync('node_modules/.package-lock.json', 'utf8'));
const present = new Set(
  Object.keys(packages)
    .filter((path) => existsSync(path))
    .map((path) => `${packages[path].name ?? path.replace(/.*node_modules\//, '')}@${packages[path].version}`),
);
const own = document.metadata.component;
const isPresent = (/** @type {string} */ ref) => ref === own['bom-ref'] || present.has(ref);
// npm takes the name from the folder.
own.name = own['bom-ref'].replace(/@[^@]*$/, '');
document.components = document.components.filter((/** @type {any} */ one) => isPresent(one['bom-ref']));
document.dependencies = document.dependencies
  .filter((/** @type {any} */ { ref }) => isPresent(ref))
  .map((/** @type {any} */ { ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isPresent) }));
// Both differ between two builds of one commit.
delete document.serialNumber;
delete document.metadata.timestamp;
process.stdout.write(`${JSON.stringify(document, null, 1)}\n`);
