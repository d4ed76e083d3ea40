import { describe, expect, it } from 'vitest';
import { downloadUrl, imageUrl, packageUrlText } from './package-url.ts';

const from = (url: string) => packageUrlText(downloadUrl({ url, sha256: 'abc', name: 'node', version: 'v24.21.0' }));

describe('a package URL', () => {
  it.each([
    [
      'a release on GitHub, whose name is written in small letters',
      'https://github.com/K3s-io/k3s/releases/download/v1.35.8%2Bk3s1/k3s-arm64',
      'pkg:github/k3s-io/k3s@v1.35.8%2Bk3s1?checksum=sha256:abc&download_url=https://github.com/K3s-io/k3s/releases/download/v1.35.8%252Bk3s1/k3s-arm64',
    ],
    [
      'a file of a commit on GitHub',
      'https://raw.githubusercontent.com/longhorn/longhorn/v1.12.1/deploy/longhorn.yaml',
      'pkg:github/longhorn/longhorn@v1.12.1#deploy/longhorn.yaml',
    ],
    [
      'any other address',
      'https://nodejs.org/dist/v24.21.0/SHASUMS256.txt',
      'pkg:generic/node@v24.21.0?checksum=sha256:abc&download_url=https://nodejs.org/dist/v24.21.0/SHASUMS256.txt',
    ],
    [
      'a part of this product',
      'checkout:manifests/operator/crds.yaml',
      'pkg:generic/novasphere@v24.21.0#manifests/operator/crds.yaml',
    ],
  ])('names %s', (_, url, text) => {
    expect(from(url)).toBe(text);
  });

  it('names an image by its digest, with the tag that led to it', () => {
    expect(packageUrlText(imageUrl('quay.io/kubevirt/virt-api:v1.8.4', 'arm64', 'sha256:0a1b'))).toBe(
      'pkg:oci/virt-api@sha256:0a1b?arch=arm64&repository_url=quay.io/kubevirt/virt-api&tag=v1.8.4',
    );
  });

  it('names an image whose registry has a port', () => {
    expect(packageUrlText(imageUrl('localhost:5000/a/b:1', 'amd64'))).toBe(
      'pkg:oci/b?arch=amd64&repository_url=localhost:5000/a/b&tag=1',
    );
  });

  it('names a package of Ubuntu, with its epoch', () => {
    const qualifiers = { arch: undefined, distro: 'noble' };

    expect(packageUrlText({ type: 'deb', namespace: 'ubuntu', name: 'a', version: '1:2.0~rc1+b', qualifiers })).toBe(
      'pkg:deb/ubuntu/a@1:2.0~rc1%2Bb?distro=noble',
    );
  });
});
