import { describe, expect, it } from 'vitest';
import { imagesOfObject } from './object-images.ts';

function read(object: object) {
  const whole = { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'one', namespace: 'here' }, ...object };
  return imagesOfObject({ from: 'manifests/x/x.yaml', object: whole });
}

/** Who asks for what, without the name of the object, which is always the same. */
function asks(object: object): readonly string[] {
  return read(object).asks.map(
    ({ reference, asker }) => `${asker.kind}: ${reference} | ${asker.who.replace('Thing here/one, ', '')}`,
  );
}

describe('the images of an object', () => {
  it('are those of containers of every sort', () => {
    const spec = {
      initContainers: [{ name: 'first', image: 'busybox:1' }],
      containers: [{ name: 'main', image: 'quay.io/a/b:v1' }],
      ephemeralContainers: [{ name: 'late', image: 'quay.io/a/c:v1' }],
      volumes: [{ name: 'data', image: { reference: 'quay.io/a/d:v1', pullPolicy: 'IfNotPresent' } }],
    };

    expect(asks({ spec: { template: { spec } } })).toEqual([
      'image: docker.io/library/busybox:1 | init container first',
      'image: quay.io/a/b:v1 | container main',
      'image: quay.io/a/c:v1 | ephemeral container late',
      'image: quay.io/a/d:v1 | field spec.template.spec.volumes[0].image.reference',
    ]);
  });

  it('are those of fields for images in resources of any kind', () => {
    const spec = {
      source: { registry: { url: 'docker://quay.io/a/disk:v1', pullMethod: 'node' } },
      template: { volumes: [{ containerDisk: { image: 'quay.io/a/demo:v1', imagePullPolicy: 'Always' } }] },
      sidecarImage: 'a/sidecar:v2',
      image: { registry: 'quay.io', repository: 'a/parts', tag: 'v1', pullPolicy: 'Always' },
      disks: [{ image: 'https://images.example/noble.img' }, { image: '' }],
      patches: [{ value: '{"image":"quay.io/a/patched:v1"}' }],
    };

    expect(asks({ spec })).toEqual([
      'image: quay.io/a/disk:v1 | field spec.source.registry.url',
      'image: quay.io/a/demo:v1 | field spec.template.volumes[0].containerDisk.image',
      'image: docker.io/a/sidecar:v2 | field spec.sidecarImage',
      'image: quay.io/a/parts:v1 | field spec.image',
      'text: quay.io/a/patched:v1 | field spec.patches[0].value',
    ]);
  });

  it('are those of the environment, whatever the variable is called', () => {
    const env = [
      { name: 'CSI_ATTACHER_IMAGE', value: 'longhornio/csi-attacher:v4.12.0' },
      { name: 'HELPER_IMAGE', value: 'busybox:1' },
      { name: 'RELATED', value: 'quay.io/a/b:v1,quay.io/a/c:v1' },
      { name: 'PULL_POLICY', value: 'IfNotPresent' },
      { name: 'URL', value: 'http://longhorn-backend:9500/v1' },
      { name: 'UNSET_IMAGE', value: '' },
      { name: 'ELSEWHERE_IMAGE', valueFrom: { configMapKeyRef: { name: 'x', key: 'y' } } },
    ];

    expect(asks({ spec: { containers: [{ name: 'main', env }] } })).toEqual([
      'environment: docker.io/longhornio/csi-attacher:v4.12.0 | environment CSI_ATTACHER_IMAGE',
      'environment: docker.io/library/busybox:1 | environment HELPER_IMAGE',
      'environment: quay.io/a/b:v1 | environment RELATED',
      'environment: quay.io/a/c:v1 | environment RELATED',
    ]);
  });

  it('are those of arguments in every form', () => {
    const container = {
      name: 'main',
      command: ['manager', '-d', 'daemon', '--engine-image', 'busybox:1', '--upgrade-version-check'],
      args: [
        '--acme-http01-solver-image=quay.io/a/solver:v1',
        '--v=2',
        'quay.io/a/plain:v1',
        '-c',
        'pull a/b:v1 && ls',
      ],
    };

    expect(asks({ spec: { containers: [container] } })).toEqual([
      'argument: docker.io/library/busybox:1 | argument --engine-image',
      'argument: quay.io/a/solver:v1 | argument --acme-http01-solver-image',
      'argument: quay.io/a/plain:v1 | arguments of container main',
      'argument: docker.io/a/b:v1 | argument -c',
    ]);
  });

  it('are those of YAML and JSON that it carries', () => {
    const annotations = { 'example.dev/helper': '{"image":"busybox:1"}' };
    const data = {
      'pod.yaml': 'spec:\n  containers:\n    - name: helper\n      image: busybox:2\n',
      note: 'uses a/b:v3.',
    };

    expect(asks({ metadata: { name: 'one', namespace: 'here', annotations }, data })).toEqual([
      'image: docker.io/library/busybox:1 | field metadata.annotations.example.dev/helper.image',
      'image: docker.io/library/busybox:2 | container helper',
      'text: docker.io/a/b:v3 | field data.note',
    ]);
  });

  it('are not the examples in the prose of a definition, but what it fills in by itself', () => {
    const properties = {
      image: { description: 'such as quay.io/a/example:v1', type: 'string' },
      helper: { description: 'quay.io/a/example:v1', type: 'string', default: 'quay.io/a/helper:v1' },
    };

    expect(asks({ kind: 'CustomResourceDefinition', spec: { schema: { properties } } })).toHaveLength(1);
  });

  it('name the object, its field and the manifest that it comes from', () => {
    const spec = { containers: [{ name: 'main', image: 'quay.io/a/b:v1' }] };

    expect(read({ kind: 'Deployment', spec }).asks).toEqual([
      {
        reference: 'quay.io/a/b:v1',
        asker: { kind: 'image', who: 'Deployment here/one, container main', from: 'manifests/x/x.yaml' },
      },
    ]);
  });
});

describe('what stands where an image belongs and is none', () => {
  it.each([
    [{ env: [{ name: 'MAIN_IMAGE', value: 'Not an image' }] }, 'environment MAIN_IMAGE', 'Not an image'],
    [{ args: ['--pause-image=$(PAUSE)'] }, 'argument --pause-image', '$(PAUSE)'],
    [{ image: '{{ .Values.image }}' }, 'container main', '{{ .Values.image }}'],
  ])('does not pass silently: %j', (part, where, value) => {
    const { asks: none, findings } = read({ spec: { containers: [{ name: 'main', ...part }] } });

    expect(none).toEqual([]);
    expect(findings).toEqual([`Thing here/one, ${where} (manifests/x/x.yaml): “${value}” is no image`]);
  });
});
