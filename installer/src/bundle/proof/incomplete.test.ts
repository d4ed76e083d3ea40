import { describe, expect, it } from 'vitest';
import { faultScreen } from '#report/fault-screen';
import { incompleteFault } from './incomplete.ts';
import type { Asker, Proof, ProvenImage } from './proof.ts';

const madeFor = { release: '0.1.0', architecture: 'amd64' } as const;
const asker: Asker = {
  kind: 'environment',
  who: 'Deployment cdi/cdi-operator, environment CLONER_IMAGE',
  from: 'manifests/cdi/cdi-operator.yaml',
};
const list: Asker = { kind: 'list', who: 'lists/longhorn-images.txt' };

function missing(name: string, ...askedBy: readonly Asker[]): ProvenImage {
  return { reference: `quay.io/a/${name}:v1`, askedBy, verdict: 'missing' };
}

function extra(name: string, archive?: string): ProvenImage {
  return {
    reference: `quay.io/a/${name}:v1`,
    ...(archive === undefined ? {} : { archive }),
    askedBy: [],
    verdict: 'extra',
  };
}

function screen(images: readonly ProvenImage[], findings: readonly string[] = []): string {
  const proof: Proof = { version: 1, madeFor, verdict: 'incomplete', images, unused: [], findings };
  const fault = incompleteFault(proof, '/srv/bundle');
  return faultScreen(fault?.record() ?? ({} as never));
}

describe('the screen of an incomplete bundle', () => {
  it('names what is missing with the object that wants it, what is extra with its archive, and what is unclear', () => {
    const images = [
      missing('cloner', asker, list),
      missing('engine', list),
      extra('over', 'images/novasphere-amd64.tar.zst'),
      extra('catalogued'),
    ];
    const finding = 'Deployment x/y, environment ODD_IMAGE (manifests/x/y.yaml): “the usual one” is no image';

    expect(screen(images, [finding])).toMatchInlineSnapshot(`
      "✖ Images are missing from the bundle, or nobody asks for them
        2 images are missing from the bundle, 2 images are named that nobody asks for
        and 1 thing could not be made out
        where    bundle /srv/bundle
        seen     missing  quay.io/a/cloner:v1
                          for Deployment cdi/cdi-operator, environment CLONER_IMAGE
                          of manifests/cdi/cdi-operator.yaml, and 1 more
                 missing  quay.io/a/engine:v1
                          for lists/longhorn-images.txt
                 extra    quay.io/a/over:v1
                          in images/novasphere-amd64.tar.zst
                 extra    quay.io/a/catalogued:v1
                          in the catalog alone
                 unclear  Deployment x/y, environment ODD_IMAGE (manifests/x/y.yaml): “the usual one” is no image
        try      novasphere bundle fetch /srv/bundle
                   brings what the catalog names
                 edit manifests/<component>/component.yaml
                   add what it does not name yet; take away what nobody asks for, or
                   say under reason why it is needed
                 novasphere bundle prove /srv/bundle
                   proves again; proof.html shows the whole of it
      "
    `);
  });

  it('names five of a kind and counts the others', () => {
    const images = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => missing(name, list));

    expect(screen(images)).toMatchInlineSnapshot(`
      "✖ Images are missing from the bundle, or nobody asks for them
        7 images are missing from the bundle
        where    bundle /srv/bundle
        seen     missing  quay.io/a/a:v1
                          for lists/longhorn-images.txt
                 missing  quay.io/a/b:v1
                          for lists/longhorn-images.txt
                 missing  quay.io/a/c:v1
                          for lists/longhorn-images.txt
                 missing  quay.io/a/d:v1
                          for lists/longhorn-images.txt
                 missing  quay.io/a/e:v1
                          for lists/longhorn-images.txt
                          and 2 more
        try      novasphere bundle fetch /srv/bundle
                   brings what the catalog names
                 edit manifests/<component>/component.yaml
                   add what it does not name yet
                 novasphere bundle prove /srv/bundle
                   proves again; proof.html shows the whole of it
      "
    `);
  });

  it('says what to edit where nobody asks for an image', () => {
    expect(screen([extra('over', 'images/novasphere-amd64.tar.zst')])).toMatchInlineSnapshot(`
      "✖ Images are missing from the bundle, or nobody asks for them
        1 image is named that nobody asks for
        where    bundle /srv/bundle
        seen     extra    quay.io/a/over:v1
                          in images/novasphere-amd64.tar.zst
        try      edit manifests/<component>/component.yaml
                   take away what nobody asks for, or say under reason why it is
                   needed
                 novasphere bundle prove /srv/bundle
                   proves again; proof.html shows the whole of it
      "
    `);
  });

  it('is not shown for a complete one', () => {
    const proof: Proof = { version: 1, madeFor, verdict: 'complete', images: [], unused: [], findings: [] };

    expect(incompleteFault(proof, '/srv/bundle')).toBeUndefined();
  });
});
