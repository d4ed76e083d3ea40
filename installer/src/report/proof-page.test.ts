import { beforeAll, describe, expect, it } from 'vitest';
import type { Proof } from '#bundle/proof/proof';
import { prove } from '#bundle/proof/prove';
import { hasUpstream, provenPlatform } from '../../../test/fixtures/proven-platform.ts';
import { paint } from './paint.ts';
import { proofPage } from './proof-page.ts';
import { proofText } from './proof-text.ts';

let complete: Proof;
let incomplete: Proof;

beforeAll(async () => {
  if (!hasUpstream) return;
  const about = await provenPlatform();
  complete = prove(about);
  const gone = ['quay.io/kubevirt/cdi-importer:v1.65.0', 'docker.io/longhornio/longhorn-engine:v1.12.1'];
  const archive = 'images/novasphere-amd64.tar.zst';
  const extra = { reference: 'quay.io/left/over:v1', digest: `sha256:${'0a'.repeat(32)}`, size: 1234567, archive };
  const held = [...about.held.filter(({ reference }) => !gone.includes(reference)), extra];
  const list = { path: 'lists/other-images.txt', text: '404: Not Found\n' };
  incomplete = prove({ ...about, held, lists: [...about.lists, list] });
});

describe.skipIf(!hasUpstream)('the page of a proof', () => {
  it('is as it was looked at and found good', async () => {
    await expect(proofPage(complete)).toMatchFileSnapshot('../../../test/golden/report/proof.html');
    await expect(proofPage(incomplete)).toMatchFileSnapshot('../../../test/golden/report/proof-incomplete.html');
  });

  it('asks the network for nothing and runs no script', () => {
    expect(proofPage(complete)).not.toMatch(/\b(src|href)\s*=|url\((?!#)|@import|<script/);
    expect(proofPage(complete)).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it('names every image with its whole digest, its archive and everybody who asks', () => {
    const page = proofPage(complete)
      .replaceAll(/<[^>]+>/g, '')
      .replaceAll('&#39;', "'");

    for (const { digest, archive, askedBy } of complete.images) {
      if (digest !== undefined) expect(page).toContain(digest);
      expect(page).toContain(archive);
      for (const { who } of askedBy) expect(page).toContain(who);
    }
  });

  it('leads with what is missing, extra and unclear', () => {
    const page = proofPage(incomplete);

    expect(page).toContain('<h1>2 images are missing from the bundle</h1>');
    expect(page.indexOf('What is wrong')).toBeLessThan(page.indexOf('<h2 class="group">'));
    expect(page).toContain('line 1 of lists/other-images.txt is no image: “404: Not Found”');
  });

  it('lets no text of a manifest become markup', () => {
    const evil = `<img src=x onerror="alert('1')">&`;
    const [first, ...rest] = complete.images;
    const soiled = { ...first, askedBy: [{ kind: 'image', who: evil, from: evil, reason: evil }] } as typeof first;

    const page = proofPage({ ...complete, images: [soiled as NonNullable<typeof first>, ...rest], findings: [evil] });

    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;');
  });

  it('can be made of a proof of nothing', () => {
    const empty: Proof = { ...complete, images: [], unused: [] };

    expect(proofPage(empty)).toContain('<!doctype html>');
    expect(proofText(empty, { columns: 80 })).toContain('✔');
  });
});

describe.skipIf(!hasUpstream)('the screen of a proof', () => {
  it('is short when all is well', () => {
    expect(proofText(complete, { columns: 80 })).toMatchInlineSnapshot(`
      "✔ Every image that an installation can ask for is in the bundle
        Novasphere 0.1.0, amd64, Ubuntu noble
        images/k3s-airgap-images-amd64.tar.zst  8 images, 233.6 MiB, 8 without digest
        images/novasphere-amd64.tar.zst         38 images, 3.0 GiB
        left out: quay.io/openshift/origin-kube-rbac-proxy:4.10.0, nmstate-operator is
        told of it, and no workload in its deploy/handler has it
      "
    `);
  });

  it('tells everything that is wrong, with who wants it', () => {
    expect(proofText(incomplete, { columns: 80 })).toMatchInlineSnapshot(`
      "✖ 2 images are missing from the bundle
        Novasphere 0.1.0, amd64, Ubuntu noble
        missing  docker.io/longhornio/longhorn-engine:v1.12.1
                 wanted by lists/longhorn-images.txt
                 wanted by DaemonSet longhorn-system/longhorn-manager, argument
                 --engine-image (manifests/longhorn/longhorn.yaml)
                 and 1 more
        missing  quay.io/kubevirt/cdi-importer:v1.65.0
                 wanted by Deployment cdi/cdi-operator, environment IMPORTER_IMAGE
                 (manifests/cdi/cdi-operator.yaml)
                 wanted by Deployment cdi/cdi-operator, environment
                 OVIRT_POPULATOR_IMAGE (manifests/cdi/cdi-operator.yaml)
                 and 1 more
        extra    quay.io/left/over:v1
                 nobody asks for it; it lies in images/novasphere-amd64.tar.zst
        unclear  line 1 of lists/other-images.txt is no image: “404: Not Found”
        images/k3s-airgap-images-amd64.tar.zst  8 images, 233.6 MiB, 8 without digest
        images/novasphere-amd64.tar.zst         36 images, 2.8 GiB
        left out: quay.io/openshift/origin-kube-rbac-proxy:4.10.0, nmstate-operator is
        told of it, and no workload in its deploy/handler has it
      "
    `);
  });

  it('reads the same with colours and without', () => {
    // oxlint-disable-next-line no-control-regex
    const plain = proofText(incomplete, { columns: 80, paint: paint(true) }).replaceAll(/\u001B\[\d+m/g, '');

    expect(plain).toBe(proofText(incomplete, { columns: 80 }));
  });
});
