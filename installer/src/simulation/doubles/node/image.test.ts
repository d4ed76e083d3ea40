import { describe, expect, it } from 'vitest';
import { imageName } from './image.ts';

describe('an image reference', () => {
  it.each([
    ['busybox', 'docker.io/library/busybox:latest'],
    ['longhornio/longhorn-engine:v1.12.1', 'docker.io/longhornio/longhorn-engine:v1.12.1'],
    ['quay.io/kubevirt/virt-api:v1.8.4', 'quay.io/kubevirt/virt-api:v1.8.4'],
    ['localhost:5000/x', 'localhost:5000/x:latest'],
    ['quay.io/kubevirt/virt-api@sha256:abc', 'quay.io/kubevirt/virt-api@sha256:abc'],
    ['ghcr.io/x/y:v1@sha256:abc', 'ghcr.io/x/y:v1@sha256:abc'],
  ])('%s is %s in full', (short, full) => {
    expect(imageName(short)).toBe(full);
  });
});
