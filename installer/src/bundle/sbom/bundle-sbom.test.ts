import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '#catalog/catalog';
import { loadCatalog } from '#catalog/load-catalog';
import type { Lock } from '#catalog/lock';
import { bomMistakes } from '../../../../test/fixtures/cyclonedx.ts';
import type { BundleIndex } from '../index/index-file.ts';
import { bundleSbom } from './bundle-sbom.ts';
import type { Bom } from './cyclonedx.ts';

const madeFor = { release: '0.1.0', architecture: 'amd64', series: 'noble' } as const;
const hex = (digit: string) => digit.repeat(64);
const virtApi = 'quay.io/kubevirt/virt-api:v1.8.4';
const lock: Lock = {
  assets: [],
  images: [
    {
      reference: virtApi,
      component: 'kubevirt',
      licence: 'Apache-2.0',
      digest: `sha256:${hex('1')}`,
      platforms: { amd64: { digest: `sha256:${hex('2')}`, size: 3 } },
    },
  ],
  packages: [
    {
      series: 'noble',
      architecture: 'amd64',
      debs: [
        {
          package: 'chrony',
          version: '1:4.5-1ubuntu4.2',
          url: 'http://archive.ubuntu.com/ubuntu/pool/main/c/chrony/chrony_4.5-1ubuntu4.2_amd64.deb',
          sha256: hex('3'),
          size: 4,
        },
      ],
    },
  ],
};
const paths = [
  'bin/k3s',
  'debs/Packages',
  'debs/chrony_4.5-1ubuntu4.2_amd64.deb',
  'images/k3s-airgap-images-amd64.tar.zst',
  'images/novasphere-amd64.tar.zst',
  'manifests/operator/crds.yaml',
];
let catalog: Catalog;

beforeAll(async () => {
  catalog = await loadCatalog(join(import.meta.dirname, '../../../..'));
});

function indexOf(all: readonly string[]): BundleIndex {
  const files = new Map(all.map((path) => [path, { path, sha256: hex('a'), size: 1 }]));
  return { madeFor, files, refused: new Map() };
}

const billOf = (index: BundleIndex): Bom => JSON.parse(bundleSbom({ index, lock, catalog }));
const part = (bom: Bom, ref: string) => bom.components.find((component) => component['bom-ref'] === ref);

describe('the bill of materials of a bundle', () => {
  it('is a document of CycloneDX 1.6', () => {
    expect(bomMistakes(billOf(indexOf(paths)))).toEqual([]);
    expect(bomMistakes(billOf({ files: new Map(), refused: new Map() }))).toEqual([]);
  });

  it('is held against a schema that sees mistakes', () => {
    const bom = billOf(indexOf(paths));

    expect(bomMistakes({ ...bom, specVersion: '1.9', components: [{ name: 'no type' }] })).toContain(
      "/components/0 must have required property 'type'",
    );
    expect(bomMistakes({ ...bom, serialNumber: 'urn:uuid:0' })).toContainEqual(
      expect.stringMatching(/^\/serialNumber /),
    );
  });

  it('has the same bytes for the same bundle, whether it and the proof lie in it already or not', () => {
    const text = bundleSbom({ index: indexOf(paths), lock, catalog });
    const later = [...paths.toReversed(), 'proof.json', 'proof.html', 'sbom.cdx.json'];

    expect(bundleSbom({ index: indexOf(later), lock, catalog })).toBe(text);
    expect(bundleSbom({ index: indexOf(paths.slice(1)), lock, catalog })).not.toContain(JSON.parse(text).serialNumber);
  });

  it('names what it is about, and every part of it', () => {
    const bom = billOf(indexOf(paths));

    expect(bom.metadata.component).toMatchObject({ name: 'novasphere-bundle', version: '0.1.0' });
    const refs = bom.components.map((component) => component['bom-ref']);
    expect(refs).toEqual(refs.toSorted());
    expect(refs.filter((ref) => ref.startsWith('file:'))).toEqual(paths.map((path) => `file:${path}`));
    expect(bom.dependencies).toEqual([{ ref: 'bundle', dependsOn: refs }]);
  });

  it('tells of a download its version, licence, digest and origin', () => {
    expect(part(billOf(indexOf(paths)), 'file:bin/k3s')).toEqual({
      type: 'application',
      'bom-ref': 'file:bin/k3s',
      name: 'bin/k3s',
      version: catalog.components.k3s.version,
      hashes: [{ alg: 'SHA-256', content: hex('a') }],
      licenses: [{ expression: 'Apache-2.0' }],
      purl: expect.stringMatching(/^pkg:github\/k3s-io\/k3s@v[\d.]+%2Bk3s1\?checksum=sha256:a{64}&download_url=https:/),
      properties: [{ name: 'novasphere:component', value: 'k3s' }],
    });
  });

  it('tells of an image its digest for this architecture, and where it lies', () => {
    expect(part(billOf(indexOf(paths)), `image:${virtApi}`)).toEqual({
      type: 'container',
      'bom-ref': `image:${virtApi}`,
      name: 'quay.io/kubevirt/virt-api',
      version: 'v1.8.4',
      hashes: [{ alg: 'SHA-256', content: hex('2') }],
      licenses: [{ expression: 'Apache-2.0' }],
      purl: `pkg:oci/virt-api@sha256:${hex('2')}?arch=amd64&repository_url=quay.io/kubevirt/virt-api&tag=v1.8.4`,
      properties: [
        { name: 'novasphere:component', value: 'kubevirt' },
        { name: 'novasphere:path', value: 'images/novasphere-amd64.tar.zst' },
      ],
    });
  });

  it('tells of the images of k3s, which come in an archive of their own', () => {
    const archived = billOf(indexOf(paths)).components.filter(({ properties }) =>
      properties?.some(({ value }) => value === 'images/k3s-airgap-images-amd64.tar.zst'),
    );

    expect(archived.map((component) => component['bom-ref']).toSorted()).toEqual(
      catalog.components.k3s.images.map(({ reference }) => `image:${reference}`).toSorted(),
    );
  });

  it('tells of a package its version with the epoch, for its series', () => {
    expect(part(billOf(indexOf(paths)), 'file:debs/chrony_4.5-1ubuntu4.2_amd64.deb')).toMatchObject({
      type: 'library',
      name: 'chrony',
      version: '1:4.5-1ubuntu4.2',
      purl: 'pkg:deb/ubuntu/chrony@1:4.5-1ubuntu4.2?arch=amd64&distro=noble',
    });
  });

  it('leaves out what is published for other architectures alone', () => {
    const arm: BundleIndex = { ...indexOf(paths), madeFor: { ...madeFor, architecture: 'arm64' } };

    expect(part(billOf(arm), `image:${virtApi}`)).toBeUndefined();
  });
});
