import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { judgeKubernetes } from './kubernetes-range.ts';
import { loadCatalog } from './load-catalog.ts';

const catalog = await loadCatalog(resolve(import.meta.dirname, '../../..'));
const judge = (version: string) => judgeKubernetes(version, 'https://10.7.0.10:6443', catalog);

describe('the Kubernetes of a cluster that somebody else has set up', () => {
  it.each(['v1.34.0', 'v1.35.8+k3s1', 'v1.35.2-eks-a1b2c3'])('is taken as it is: %s', (version) => {
    expect(judge(version)).toEqual([]);
  });

  it('is taken with a warning where a component does not name it', () => {
    expect(judge('v1.36.1')).toEqual(['KubeVirt v1.8.4 is made for Kubernetes 1.33 to 1.35; the cluster runs v1.36.1']);
  });

  it.each(['v1.33.9+k3s1', 'v1.37.0', 'v2.35.0', 'dev'])('is refused: %s', (version) => {
    expect(() => judge(version)).toThrow(
      expect.objectContaining({
        code: 'CLUSTER-UNSUPPORTED',
        message: `the cluster at https://10.7.0.10:6443 runs Kubernetes ${version}; the components of this release are made for 1.34 to 1.36`,
      }),
    );
  });
});
