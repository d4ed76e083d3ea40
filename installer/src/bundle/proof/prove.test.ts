import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { hasUpstream, provenPlatform } from '../../../../test/fixtures/proven-platform.ts';
import { proofJson } from './proof-file.ts';
import { type ProveAbout, prove } from './prove.ts';

let about: ProveAbout;

/** The objects, one of which was changed. */
function withChange(name: string, change: (container: Json) => void): ProveAbout {
  const objects = about.objects.map((one) => {
    if (one.object.metadata.name !== name || one.object.kind === 'ServiceAccount') return one;
    const object: Json = structuredClone(one.object);
    if (object.spec?.template === undefined) return one;
    change(object.spec.template.spec.containers[0]);
    return { ...one, object };
  });
  return { ...about, objects };
}

/** Everything that is not as it should be, in words. */
function wrong(changed: ProveAbout): readonly string[] {
  const { images, verdict, findings } = prove(changed);
  const told = images
    .filter((image) => image.verdict !== 'present')
    .map((image) => `${image.verdict} ${image.reference}: ${image.askedBy[0]?.who ?? image.archive ?? 'nowhere'}`);
  expect(verdict).toBe(told.length + findings.length === 0 ? 'complete' : 'incomplete');
  return [...told, ...findings];
}

describe.skipIf(!hasUpstream)('the proof of a bundle', () => {
  beforeAll(async () => {
    about = await provenPlatform();
  });

  it('is complete when the archives hold exactly what is asked for', () => {
    expect(wrong(about)).toEqual([]);
    expect(prove(about).images).toHaveLength(46);
  });

  it.each<[string, (container: Json) => void, string]>([
    [
      'an environment variable',
      (container) => container.env.push({ name: 'NEW_IMAGE', value: 'quay.io/new/one:v1' }),
      'missing quay.io/new/one:v1: Deployment cdi/cdi-operator, environment NEW_IMAGE',
    ],
    [
      'an argument',
      (container) => {
        container.args = ['--new-image', 'new/one:v1'];
      },
      'missing docker.io/new/one:v1: Deployment cdi/cdi-operator, argument --new-image',
    ],
    [
      'a container',
      (container) => {
        container.image = 'quay.io/new/one:v1';
      },
      'missing quay.io/new/one:v1: Deployment cdi/cdi-operator, container cdi-operator',
    ],
  ])('names an image that %s brings in, and the object that wants it', (_, change, expected) => {
    expect(wrong(withChange('cdi-operator', change))).toContain(expected);
  });

  it('names an image that was taken out of the archive, and who asks for it', () => {
    const gone = 'quay.io/jetstack/cert-manager-acmesolver:v1.21.1';

    expect(wrong({ ...about, held: about.held.filter(({ reference }) => reference !== gone) })).toEqual([
      `missing ${gone}: Deployment cert-manager/cert-manager, argument --acme-http01-solver-image`,
    ]);
  });

  it('finds every single image that is taken out, and nothing else', () => {
    fc.assert(
      fc.property(fc.nat(about.held.length - 1), (at) => {
        const { images } = prove({ ...about, held: about.held.filter((_, index) => index !== at) });
        const missing = images.filter(({ verdict }) => verdict !== 'present');

        expect(missing.map(({ reference, verdict }) => [reference, verdict])).toEqual([
          [about.held[at]?.reference, 'missing'],
        ]);
      }),
      { numRuns: 10 },
    );
  });

  it('names an image that nobody asks for, and its archive', () => {
    const archive = 'images/novasphere-amd64.tar.zst';
    const held = [...about.held, { reference: 'quay.io/left/over:v1', size: 1, archive }];

    expect(wrong({ ...about, held })).toEqual([`extra quay.io/left/over:v1: ${archive}`]);
  });

  it('takes Docker’s short names in an archive for what they are short for', () => {
    const held = about.held.map((image) => ({ ...image, reference: image.reference.replace(/^docker\.io\//, '') }));

    expect(proofJson(prove({ ...about, held }))).toBe(proofJson(prove(about)));
  });

  it('calls an image extra that is in an archive although it is never started', () => {
    const reference = 'quay.io/openshift/origin-kube-rbac-proxy:4.10.0';
    const held = [...about.held, { reference, size: 1, archive: 'images/novasphere-amd64.tar.zst' }];

    expect(wrong({ ...about, held })).toEqual([`extra ${reference}: images/novasphere-amd64.tar.zst`]);
  });

  it('names a line of the catalog that gives no reason and that nobody asks for', () => {
    const { operator } = about.catalog.components;
    const images = [...operator.images, { reference: 'quay.io/left/over:v1' }];
    const components = { ...about.catalog.components, operator: { ...operator, images } };

    expect(wrong({ ...about, catalog: { ...about.catalog, components } })).toEqual([
      'extra quay.io/left/over:v1: nowhere',
    ]);
  });

  it('asks for images that only a switched on gate starts', () => {
    const objects = about.objects.map((one) => {
      if (one.object.kind !== 'KubeVirt') return one;
      const object: Json = structuredClone(one.object);
      object.spec.configuration.developerConfiguration.featureGates.push('Sidecar');
      return { ...one, object };
    });

    expect(wrong({ ...about, objects })).toEqual([
      'missing quay.io/kubevirt/sidecar-shim:v1.8.4: Deployment kubevirt/virt-operator, feature gate Sidecar',
    ]);
  });

  it('is not complete while something could not be made out', () => {
    const changed = withChange('cdi-operator', (container) => {
      container.env.push({ name: 'ODD_IMAGE', value: 'the usual one' });
    });

    expect(wrong(changed)).toEqual([
      'Deployment cdi/cdi-operator, environment ODD_IMAGE (manifests/cdi/cdi-operator.yaml): “the usual one” is no image',
    ]);
  });

  it('does not let one name stand for two images', () => {
    const [first] = about.held.filter(({ digest }) => digest !== undefined);
    const other = { ...first, archive: 'images/other.tar.zst', digest: `sha256:${'f'.repeat(64)}` };
    const held = [...about.held, other as (typeof about.held)[number]];

    expect(wrong({ ...about, held })).toEqual([
      `${first?.reference} is one image in images/novasphere-amd64.tar.zst and another one in images/other.tar.zst`,
    ]);
  });

  it('is the same bytes whatever order it was told in', () => {
    const backwards = {
      ...about,
      held: about.held.toReversed(),
      lists: about.lists.toReversed(),
      objects: about.objects.toReversed(),
    };
    const sorted = (text: string) => JSON.parse(text).images.map(({ reference }: Json) => reference);

    expect(proofJson(prove(about))).toBe(proofJson(prove({ ...about, held: backwards.held })));
    expect(sorted(proofJson(prove(backwards)))).toEqual(sorted(proofJson(prove(about))));
  });
});
