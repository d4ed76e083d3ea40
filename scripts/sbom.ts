import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { serialOf } from '#bundle/sbom/cyclonedx';
import type { Json } from '#kube/json';

const root = join(import.meta.dirname, '..');
// npm is asked for the lock file, not for what lies in node_modules: that differs from machine to machine. `--omit dev`
// would leave out too much: npm 11 takes zod, which a tool of ours depends on as well, for a tool.
const question = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--loglevel', 'error'];

/** The bill of materials of the product, as the text of a CycloneDX 1.6 document: the same bytes for the same lock. */
export function productSbom(): string {
  return settled(JSON.parse(execFileSync('npm', question, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 })));
}

/** What npm says without the time, the machine and chance. It speaks 1.5, all of which 1.6 understands. */
export function settled({ metadata, components, dependencies }: Json): string {
  const shipped = components.filter((component: Json) => !isForDevelopment(component));
  const refs = new Set([metadata.component, ...shipped].map((component) => component['bom-ref']));
  const { name } = metadata.component.purl.match(/^pkg:npm\/(?<name>.+)@/).groups;
  const body = {
    metadata: { lifecycles: metadata.lifecycles, component: { ...metadata.component, type: 'application', name } },
    components: sorted(shipped, 'bom-ref'),
    dependencies: sorted(
      dependencies
        .filter(({ ref }: Json) => refs.has(ref))
        .map(({ ref, dependsOn }: Json) => ({ ref, dependsOn: dependsOn.filter((other: string) => refs.has(other)) })),
      'ref',
    ),
  };
  const serialNumber = serialOf(JSON.stringify(body));
  return `${JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber, version: 1, ...body }, undefined, 2)}\n`;
}

function isForDevelopment({ properties = [] }: Json): boolean {
  return properties.some(({ name }: Json) => name === 'cdx:npm:package:development');
}

function sorted(all: readonly Json[], key: string): readonly Json[] {
  return all.toSorted((one, other) => (one[key] < other[key] ? -1 : 1));
}

if (import.meta.main) {
  const [file] = process.argv.slice(2);
  if (file === undefined || file.startsWith('-')) {
    console.error(
      'usage: scripts/sbom FILE\n\nwrites the packages that Novasphere runs on, as CycloneDX 1.6, into FILE.\nThe bill of materials of a bundle lies in the bundle: sbom.cdx.json.',
    );
    process.exit(2);
  }
  const text = productSbom();
  writeFileSync(file, text);
  console.log(`${resolve(file)}: ${JSON.parse(text).components.length} packages`);
}
