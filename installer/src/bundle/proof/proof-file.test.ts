import { describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import type { Proof, ProvenImage } from './proof.ts';
import { proofJson, provenImages, readProof } from './proof-file.ts';

const madeFor = { release: '0.1.0', architecture: 'amd64', series: 'noble' } as const;
const digest = `sha256:${'0a'.repeat(32)}`;
const archive = 'images/novasphere-amd64.tar.zst';
const who = 'Deployment cdi/cdi-operator, environment CLONER_IMAGE';

const image: ProvenImage = {
  reference: 'quay.io/kubevirt/cdi-cloner:v1.65.0',
  digest,
  size: 42,
  archive,
  askedBy: [{ kind: 'environment', who, from: 'manifests/cdi/cdi-operator.yaml' }],
  verdict: 'present',
};
const complete: Proof = { version: 1, madeFor, verdict: 'complete', images: [image], unused: [], findings: [] };
const bundle = { place: '/srv/bundle', madeFor };

function faultOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof Fault) return error.record();
  }
  throw new Error('no fault');
}

describe('proof.json', () => {
  it('is read back as it was written', () => {
    expect(readProof(proofJson(complete), '/srv/bundle')).toEqual(complete);
  });

  it('has its keys sorted and ends with a new line, so that the same proof is the same bytes', () => {
    const { version, images, ...rest } = complete;

    expect(proofJson({ ...rest, images, version })).toBe(proofJson(complete));
    expect(proofJson(complete)).toMatch(/^\{\n {2}"findings": \[\],\n {2}"images": [^]*\n {2}"version": 1\n\}\n$/);
  });

  it('tells the images of a bundle with who asks for them, in words', () => {
    expect(provenImages(proofJson(complete), bundle)).toEqual([
      { reference: image.reference, digest, size: 42, archive, askedBy: [who] },
    ]);
  });

  it('may leave the digest open where an archive tells none', () => {
    const { digest: _, ...open } = image;

    expect(provenImages(proofJson({ ...complete, images: [open] }), bundle)[0]).not.toHaveProperty('digest');
  });

  it('serves a bundle that does not say what it is made for', () => {
    expect(provenImages(proofJson(complete), { place: '/srv/bundle' })).toHaveLength(1);
  });
});

describe('a bundle that is not proven', () => {
  it('is told as such when it has no proof', () => {
    expect(faultOf(() => provenImages(undefined, bundle))).toMatchInlineSnapshot(`
      {
        "because": [
          "it has no proof.json",
        ],
        "code": "BUNDLE-UNPROVEN",
        "evidence": [],
        "message": "nobody has proven that the bundle is complete",
        "remedy": [
          "novasphere bundle prove /srv/bundle          where the bundle was made: names every image and who asks for it",
          "take a bundle that was proven",
        ],
        "where": [
          "bundle /srv/bundle",
        ],
      }
    `);
  });

  it.each([
    ['release', { ...madeFor, release: '0.2.0' }, 'it is for release 0.1.0, the bundle for 0.2.0'],
    ['architecture', { ...madeFor, architecture: 'arm64' }, 'it is for architecture amd64, the bundle for arm64'],
    ['series', { release: '0.1.0', architecture: 'amd64' }, 'it is for series noble, the bundle for none'],
  ] as const)('is told when the proof is for another %s', (_, other, because) => {
    expect(faultOf(() => provenImages(proofJson(complete), { ...bundle, madeFor: other }))).toMatchObject({
      code: 'BUNDLE-UNPROVEN',
      message: 'the proof of the bundle is that of another one',
      because: [because],
    });
  });

  it('is told with the first thing that is wrong when its proof says so itself', () => {
    const { digest: _, size: __, archive: ___, ...wanted } = image;
    const gone: ProvenImage = { ...wanted, verdict: 'missing' };
    const extra: ProvenImage = { ...image, reference: 'quay.io/left/over:v1', askedBy: [], verdict: 'extra' };
    const proof: Proof = { ...complete, verdict: 'incomplete', images: [gone, extra], findings: ['x is odd'] };

    expect(faultOf(() => provenImages(proofJson(proof), bundle))).toMatchObject({
      code: 'BUNDLE-UNPROVEN',
      message: 'the bundle is not complete, and its own proof says so',
      because: ['quay.io/kubevirt/cdi-cloner:v1.65.0 is missing, and 2 more'],
    });
  });
});

describe('a file that is no proof', () => {
  it.each([
    ['no JSON', '{', /^Expected property name/],
    ['another version', proofJson({ ...complete, version: 2 as 1 }), /^version: /],
    ['a key too many', proofJson({ ...complete, more: 1 } as Proof), /^the file: Unrecognized key: "more"$/],
    ['a short digest', proofJson({ ...complete, images: [{ ...image, digest: 'sha256:0a' }] }), /^images\.0\.digest: /],
    ['a verdict that its images deny', proofJson({ ...complete, findings: ['x'] }), /^its verdict is not that of its/],
  ])('is refused: %s', (_, text, because) => {
    expect(faultOf(() => readProof(text, '/srv/bundle'))).toMatchObject({
      code: 'BUNDLE-INVALID',
      message: 'proof.json of the bundle is not a proof',
      because: [expect.stringMatching(because)],
      where: ['bundle /srv/bundle'],
    });
  });
});
