import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evidentImage, evidentImages, imageReference } from './image-reference.ts';

const digest = `sha256:${'0a'.repeat(32)}`;

describe('an image field', () => {
  it.each([
    ['quay.io/kubevirt/virt-api:v1.8.4', 'quay.io/kubevirt/virt-api:v1.8.4'],
    ['longhornio/longhorn-ui:v1.12.1', 'docker.io/longhornio/longhorn-ui:v1.12.1'],
    ['busybox:1', 'docker.io/library/busybox:1'],
    ['busybox', 'docker.io/library/busybox:latest'],
    ['docker.io/busybox:1.37.0', 'docker.io/library/busybox:1.37.0'],
    ['index.docker.io/library/busybox:1', 'docker.io/library/busybox:1'],
    ['localhost:5000/a/b:1', 'localhost:5000/a/b:1'],
    ['registry:5000/tool:v1', 'registry:5000/tool:v1'],
    [
      'docker://quay.io/kubevirt/cirros-container-disk-demo:v1.8.4',
      'quay.io/kubevirt/cirros-container-disk-demo:v1.8.4',
    ],
    [`quay.io/kubevirt/virt-api@${digest}`, `quay.io/kubevirt/virt-api@${digest}`],
    [`quay.io/kubevirt/virt-api:v1@${digest}`, `quay.io/kubevirt/virt-api:v1@${digest}`],
  ])('%s means %s', (text, full) => {
    expect(imageReference(text)).toBe(full);
  });

  it.each(['', 'IfNotPresent', '$(MAIN_IMAGE)', 'http://images.example/disk.img', 'a b', '/dev/trial', 'quay.io/A:1'])(
    '%j is none',
    (text) => {
      expect(imageReference(text)).toBeUndefined();
    },
  );
});

describe('a word that nobody said to be an image', () => {
  it.each([
    ['quay.io/jetstack/cert-manager-acmesolver:v1.21.1', 'quay.io/jetstack/cert-manager-acmesolver:v1.21.1'],
    ['longhornio/longhorn-engine:v1.12.1', 'docker.io/longhornio/longhorn-engine:v1.12.1'],
    ['docker://busybox:1', 'docker.io/library/busybox:1'],
    [`team/tool@${digest}`, `docker.io/team/tool@${digest}`],
  ])('%s is one', (word, full) => {
    expect(evidentImage(word)).toBe(full);
  });

  it.each([
    'http://longhorn-backend:9500/v1',
    'https://quay.io/kubevirt/virt-api:v1.8.4',
    'longhorn-backend:9500',
    'web/metrics:9090',
    '10.7.0.10:6443',
    '10.43.0.0/16',
    '127.0.0.1:8080/healthz',
    'v1.8.4',
    'apps/v1',
    'apps/v1:Deployment',
    'app.kubernetes.io/name',
    'kubevirt.io/schedulable=true',
    'system:serviceaccount:cdi:cdi-sa',
    '/var/lib/longhorn:/data:ro',
    'longhorn-system/longhorn-ui',
    '2026-11-21T06:00:00Z',
    'busybox:1',
    'fe80::1/64',
  ])('%s is none', (word) => {
    expect(evidentImage(word)).toBeUndefined();
  });

  it('is found in scripts, flags and JSON', () => {
    const text = `sh -c "crictl pull 'quay.io/a/b:v1'; --image=team/tool:v2" {"x":["docker.io/c/d:3"]}`;

    expect(evidentImages(text)).toEqual(['quay.io/a/b:v1', 'docker.io/team/tool:v2', 'docker.io/c/d:3']);
  });
});

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/);
const tag = fc.stringMatching(/^v[0-9]\.[0-9]{1,2}$/);
const reference = fc
  .tuple(fc.constantFrom('quay.io', 'docker.io', 'ghcr.io', 'registry.example:5000'), word, word, tag)
  .map(([registry, one, other, version]) => `${registry}/${one}/${other}:${version}`);

describe('the full name', () => {
  it('of a full name is itself, wherever it stands', () => {
    fc.assert(
      fc.property(reference, (full) => {
        expect(imageReference(full)).toBe(full);
        expect(evidentImages(`echo "${full}" && --thing=${full}`)).toEqual([full, full]);
      }),
    );
  });

  it('does not change by asking twice', () => {
    fc.assert(
      fc.property(fc.oneof(reference, word, fc.string()), (text) => {
        const once = imageReference(text);
        if (once !== undefined) expect(imageReference(once)).toBe(once);
      }),
    );
  });
});
