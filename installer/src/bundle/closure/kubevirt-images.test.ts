import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { kubevirtImages } from './kubevirt-images.ts';
import type { AskingObject } from './object-images.ts';

interface Wish {
  readonly featureGates?: readonly string[];
  readonly disabledFeatureGates?: readonly string[];
  readonly configuration?: object;
  readonly spec?: object;
  readonly env?: readonly object[];
  readonly image?: string;
}

function objects(version: string, wish: Wish = {}): readonly AskingObject[] {
  const { featureGates = [], disabledFeatureGates = [], configuration, spec, env = [] } = wish;
  const image = wish.image ?? `quay.io/kubevirt/virt-operator:${version}`;
  const own = [
    { name: 'VIRT_OPERATOR_IMAGE', value: image },
    { name: 'KUBEVIRT_VERSION', value: version },
  ];
  const operator: Json = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { namespace: 'kubevirt', name: 'virt-operator' },
    spec: { template: { spec: { containers: [{ name: 'virt-operator', image, env: [...own, ...env] }] } } },
  };
  const developerConfiguration = { featureGates, disabledFeatureGates };
  const resource: Json = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'KubeVirt',
    metadata: { namespace: 'kubevirt', name: 'kubevirt' },
    spec: { configuration: { developerConfiguration, ...configuration }, ...spec },
  };
  return [operator, resource].map((object) => ({ from: 'manifests/kubevirt/x.yaml', object }));
}

/** Without registry: `virt-api:v1.8.4`. */
function names(version: string, wish: Wish = {}): readonly string[] {
  const { asks, findings } = kubevirtImages(objects(version, wish));
  expect(findings).toEqual([]);
  return asks.map(({ reference }) => reference.replace('quay.io/kubevirt/', ''));
}

const core = (version: string) =>
  ['virt-api', 'virt-controller', 'virt-handler', 'virt-launcher'].map((name) => `${name}:${version}`);

describe('KubeVirt 1.8', () => {
  const version = 'v1.8.4';
  const more = (wish: Wish) => names(version, wish).filter((name) => !core(version).includes(name));

  it('starts four images by itself, whatever the gates are', () => {
    expect(names(version)).toEqual(core(version));
  });

  it.each([
    ['VMExport', ['virt-exportproxy:v1.8.4', 'virt-exportserver:v1.8.4']],
    ['Template', ['virt-template-apiserver:v0.1.8', 'virt-template-controller:v0.1.8']],
    ['DecentralizedLiveMigration', ['virt-synchronization-controller:v1.8.4']],
    ['PersistentReservation', ['pr-helper:v1.8.4']],
    ['Sidecar', ['sidecar-shim:v1.8.4']],
    ['Snapshot', []],
  ])('starts with the gate %s also %j', (gate, images) => {
    expect(more({ featureGates: [gate] })).toEqual(images);
    expect(more({ featureGates: [gate], disabledFeatureGates: [gate] })).toEqual([]);
  });

  it('deploys no templates where the resource switches them off beside the gate', () => {
    const configuration = { virtTemplateDeployment: { enabled: false } };

    expect(more({ featureGates: ['Template'], configuration })).toEqual([]);
  });
});

describe('KubeVirt 1.9', () => {
  const version = 'v1.9.0';
  const exports = ['virt-exportproxy:v1.9.0', 'virt-exportserver:v1.9.0'];
  const templates = ['virt-template-apiserver:v0.2.2', 'virt-template-controller:v0.2.2'];

  it('exports unasked, and brings templates with a version of their own unless they are switched off', () => {
    expect(names(version)).toEqual([...core(version), ...exports, ...templates]);
  });

  it.each<Wish>([
    { disabledFeatureGates: ['Template'] },
    { configuration: { virtTemplateDeployment: { enabled: false } } },
  ])('brings no templates with %j', (wish) => {
    expect(names(version, wish)).toEqual([...core(version), ...exports]);
  });

  it('exports even where the gate that was is called off', () => {
    expect(names(version, { disabledFeatureGates: ['VMExport'] })).toEqual(expect.arrayContaining(exports));
  });

  it.each<[string, Wish]>([
    ['sidecar-shim:v1.9.0', { featureGates: ['Sidecar'] }],
    ['virt-synchronization-controller:v1.9.0', { featureGates: ['DecentralizedLiveMigration'] }],
    ['pr-helper:v1.9.0', { featureGates: ['PersistentReservation'] }],
    ['pr-helper:v1.9.0', { configuration: { persistentReservationConfiguration: { enabled: true } } }],
  ])('starts %s only on demand', (image, wish) => {
    expect(names(version)).not.toContain(image);
    expect(names(version, wish)).toContain(image);
  });
});

describe('the names of KubeVirt’s images', () => {
  it('are made of virt-operator’s own: registry, prefix and tag', () => {
    const { asks } = kubevirtImages(
      objects('v1.8.4', { image: 'registry.example:5000/kv/our-virt-operator:v1.8.4-3' }),
    );

    expect(asks[0]?.reference).toBe('registry.example:5000/kv/our-virt-api:v1.8.4-3');
  });

  it('take their tag from the version where the operator is pinned by digest', () => {
    const { asks } = kubevirtImages(
      objects('v1.8.4', { image: `quay.io/kubevirt/virt-operator@sha256:${'a'.repeat(64)}` }),
    );

    expect(asks[0]?.reference).toBe('quay.io/kubevirt/virt-api:v1.8.4');
  });

  it('follow what the resource says of registry and tag', () => {
    const { asks } = kubevirtImages(
      objects('v1.8.4', { spec: { imageRegistry: 'registry.example/kv', imageTag: 'v1.8.5' } }),
    );

    expect(asks[0]?.reference).toBe('registry.example/kv/virt-api:v1.8.5');
  });

  it('are not guessed where the operator is told them: there the environment asks', () => {
    const env = [{ name: 'VIRT_API_IMAGE', value: 'registry.example/own-api:1' }];

    expect(names('v1.8.4', { env })).toEqual(core('v1.8.4').slice(1));
  });

  it('say why each is asked for', () => {
    const [api, , , , proxy] = kubevirtImages(objects('v1.8.4', { featureGates: ['VMExport'] })).asks;

    expect([api?.asker, proxy?.asker]).toEqual([
      {
        kind: 'gate',
        who: 'Deployment kubevirt/virt-operator',
        from: 'manifests/kubevirt/x.yaml',
        reason: 'virt-operator makes its Deployment',
      },
      {
        kind: 'gate',
        who: 'Deployment kubevirt/virt-operator, feature gate VMExport',
        from: 'manifests/kubevirt/x.yaml',
        reason: 'virt-operator makes its Deployment, because the feature gate VMExport is on',
      },
    ]);
  });
});

describe('a KubeVirt that nobody knows', () => {
  it.each([
    ['v1.10.0', 'KubeVirt v1.10.0'],
    ['v1.7.4', 'KubeVirt v1.7.4'],
    ['devel', 'KubeVirt devel'],
  ])('%s is found and said', (version, named) => {
    expect(kubevirtImages(objects(version))).toEqual({
      asks: [],
      findings: [
        `Deployment kubevirt/virt-operator: nobody knows which images ${named} starts by itself; known are 1.8 and 1.9`,
      ],
    });
  });

  it('is found where there is an operator without a resource', () => {
    expect(kubevirtImages(objects('v1.8.4').slice(0, 1)).findings).toEqual([
      'there is no KubeVirt object that says what Deployment kubevirt/virt-operator shall start',
    ]);
  });

  it('is none where there is no KubeVirt at all', () => {
    expect(kubevirtImages([])).toEqual({ asks: [], findings: [] });
  });
});
