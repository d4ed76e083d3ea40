import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { Response, Transport } from '#kube/transport';
import { wukongCrd } from '#operator/api/wukong-crd';

/** An API server that Wukongs are put to. */
export interface Judge {
  readonly transport: Transport;
  /** Lets so much of the server's time pass. */
  pass(milliseconds: number): Promise<void>;
  close?(): Promise<void>;
}

const path = '/apis/vm.novasphere.dev/v1alpha1/namespaces/default/wukongs';
const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const disk = { name: 'root', size: '10Gi' };
const valid = { cpu: 2, memory: '2Gi', disks: [disk] };
const wukong = (spec: Json, name = 'sample') => ({
  apiVersion: 'vm.novasphere.dev/v1alpha1',
  kind: 'Wukong',
  metadata: { name, namespace: 'default' },
  spec,
});

/** What an API server says to a Wukong: `accepted`, or its refusal. */
function said({ status, body }: Response): string {
  if (status < 300) return 'accepted';
  return (body as Json).message.replace(/^Wukong\.vm\.novasphere\.dev "[^"]*" is invalid: /, '');
}

/** Which Wukongs our definition accepts, and why it refuses the others: the same on every API server. */
export function wukongContract(name: string, makeJudge: () => Promise<Judge>): void {
  describe(`the definition of Wukong on ${name}`, () => {
    let judge: Judge;
    beforeAll(async () => {
      judge = await makeJudge();
      await judge.transport.request({ method: 'POST', path: definitions, body: wukongCrd() });
      while ((await judge.transport.request({ method: 'GET', path })).status !== 200) await judge.pass(50);
    });
    afterAll(() => judge.close?.());

    const creating = async (spec: Json, one?: string): Promise<string> =>
      said(await judge.transport.request({ method: 'POST', path, query: { dryRun: 'All' }, body: wukong(spec, one) }));

    async function changing(before: Json, after: Json): Promise<string> {
      const { transport } = judge;
      await transport.request({ method: 'POST', path, body: wukong(before) });
      const contentType = 'application/merge-patch+json';
      const change = { method: 'PATCH', path: `${path}/sample`, body: { spec: after }, contentType } as const;
      const answer = await transport.request(change);
      await transport.request({ method: 'DELETE', path: `${path}/sample` });
      return said(answer);
    }

    it('is established, with a status of its own', async () => {
      const one = await judge.transport.request({ method: 'GET', path: `${definitions}/wukongs.vm.novasphere.dev` });
      const served = await judge.transport.request({ method: 'GET', path: '/apis/vm.novasphere.dev/v1alpha1' });

      const conditions = (one.body as Json).status.conditions.map(({ type, status }: Json) => `${type}=${status}`);
      expect(conditions).toEqual(expect.arrayContaining(['Established=True', 'NamesAccepted=True']));
      expect((served.body as Json).resources.map((resource: Json) => resource.name)).toEqual([
        'wukongs',
        'wukongs/status',
      ]);
    });

    it('accepts the machine of the documentation', async () => {
      const whole = {
        ...valid,
        power: 'On',
        disks: [
          { name: 'root', size: '10Gi', boot: true, image: 'quay.io/containerdisks/ubuntu:24.04' },
          { name: 'data', size: '1.5Ti', storageClassName: 'longhorn' },
        ],
        networks: [{ name: 'default' }, { name: 'lan', nadName: 'plant/vlan-12' }],
        cloudInit: { userDataSecretRef: { name: 'first-boot' } },
      };

      expect(await creating(whole)).toBe('accepted');
    });

    it.for<[string, Json, string]>([
      [
        'no processor',
        { ...valid, cpu: 0 },
        'spec.cpu: Invalid value: 0: spec.cpu in body should be greater than or equal to 1',
      ],
      [
        '65 processors',
        { ...valid, cpu: 65 },
        'spec.cpu: Invalid value: 65: spec.cpu in body should be less than or equal to 64',
      ],
      ['memory in K', { ...valid, memory: '4000000K' }, 'spec.memory'],
      ['memory of nothing', { ...valid, memory: '0.0Gi' }, 'a size is more than nothing'],
      [
        'power of another word',
        { ...valid, power: 'Standby' },
        'spec.power: Unsupported value: "Standby": supported values: "On", "Off"',
      ],
      [
        'no disk',
        { ...valid, disks: [] },
        'spec.disks: Invalid value: 0: spec.disks in body should have at least 1 items',
      ],
      ['no list of disks', { cpu: 1, memory: '1Gi' }, 'spec.disks: Required value'],
      ['two disks of one name', { ...valid, disks: [disk, disk] }, 'spec.disks[1]: Duplicate value: {"name":"root"}'],
      [
        'two disks that boot',
        {
          ...valid,
          disks: [
            { ...disk, boot: true },
            { ...disk, name: 'b', boot: true },
          ],
        },
        'at most one disk boots',
      ],
      ['a disk without a size', { ...valid, disks: [{ name: 'root' }] }, 'spec.disks[0].size: Required value'],
      ['a disk of no size', { ...valid, disks: [{ ...disk, size: '.0Gi' }] }, 'a size is more than nothing'],
      ['a disk name in capitals', { ...valid, disks: [{ ...disk, name: 'Root' }] }, 'spec.disks[0].name'],
      [
        'the disk name of cloud-init',
        { ...valid, disks: [{ ...disk, name: 'cloudinitdisk' }] },
        'the disk name cloudinitdisk is kept for cloud-init',
      ],
      [
        'an image from s3',
        { ...valid, disks: [{ ...disk, image: 's3://bucket/key' }] },
        'image must be docker://…, oci-archive://…, http(s)://… or an image reference',
      ],
      ['an image with a blank', { ...valid, disks: [{ ...disk, image: 'ubuntu 24.04' }] }, 'image must be'],
      [
        'the pod network with an attachment',
        { ...valid, networks: [{ name: 'default', nadName: 'lan' }] },
        'every network but `default` names a nadName',
      ],
      [
        'another network without one',
        { ...valid, networks: [{ name: 'lan' }] },
        'every network but `default` names a nadName',
      ],
      ['cloud-init without a secret', { ...valid, cloudInit: {} }, 'spec.cloudInit.userDataSecretRef: Required value'],
    ])('refuses %s', async ([, spec, why]) => {
      expect(await creating(spec)).toContain(why);
    });

    it.for<[string, Json]>([
      ['64 processors', { ...valid, cpu: 64 }],
      ['memory of half a gibibyte', { ...valid, memory: '.5Gi' }],
      ['a machine that is off', { ...valid, power: 'Off' }],
      ['one disk of two that boots', { ...valid, disks: [disk, { ...disk, name: 'b', boot: true }] }],
      ...[
        'docker://quay.io/a/b:1',
        'oci-archive:///images/a.tar',
        'https://example.com/a.qcow2',
        'quay.io/a/b@sha256:00',
      ].map((image): [string, Json] => [`the image ${image}`, { ...valid, disks: [{ ...disk, image }] }]),
      ['an attachment of its own namespace', { ...valid, networks: [{ name: 'lan', nadName: 'vlan-12' }] }],
    ])('accepts %s', async ([, spec]) => {
      expect(await creating(spec)).toBe('accepted');
    });

    it('accepts a name of 57 characters and refuses one of 58', async () => {
      expect(await creating(valid, 'a'.repeat(57))).toBe('accepted');
      expect(await creating(valid, 'a'.repeat(58))).toContain('the name of a Wukong has at most 57 characters');
    });

    const imported = { ...disk, image: 'quay.io/a/b:1' };
    it.for<[string, Json, Json, string]>([
      ['a disk that shrinks', disk, { ...disk, size: '10239Mi' }, 'a disk never shrinks'],
      ['a disk that grows', disk, { ...disk, size: '11Gi' }, 'accepted'],
      ['a disk that is said to be as large in other words', disk, { ...disk, size: '10240Mi' }, 'accepted'],
      ['another image', imported, { ...imported, image: 'quay.io/a/b:2' }, 'the image of a disk cannot be changed'],
      ['an image where there was none', disk, imported, 'the image of a disk cannot be changed'],
      ['no image where there was one', imported, disk, 'the image of a disk cannot be changed'],
      ['the same image', imported, { ...imported, size: '12Gi' }, 'accepted'],
      [
        'another storage class',
        { ...disk, storageClassName: 'a' },
        { ...disk, storageClassName: 'b' },
        'the storage class of a disk cannot be changed',
      ],
      [
        'a storage class where there was none',
        disk,
        { ...disk, storageClassName: 'b' },
        'the storage class of a disk cannot be changed',
      ],
      [
        'the same storage class',
        { ...disk, storageClassName: 'a' },
        { ...disk, storageClassName: 'a', boot: true },
        'accepted',
      ],
    ])('has an answer to %s', async ([, before, after, why]) => {
      expect(await changing({ ...valid, disks: [before] }, { disks: [after] })).toContain(why);
    });

    it('accepts a disk more and a disk less', async () => {
      const two = [disk, { name: 'data', size: '1Gi' }];

      expect(await changing({ ...valid, disks: [disk] }, { disks: two })).toBe('accepted');
      expect(await changing({ ...valid, disks: two }, { disks: [disk] })).toBe('accepted');
    });
  });
}
