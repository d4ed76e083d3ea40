import { join } from 'node:path';
import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { documentsOf, seenCloudInit } from '../../../../../test/fixtures/seen-cloud-init.ts';
import { press } from '../../../../../test/fixtures/seen-networks.ts';
import type { GuestNic } from '../plan.ts';
import { planCloudInit, secretNames } from './plan-cloud-init.ts';

const golden = (name: string) => join(import.meta.dirname, '../../../../../test/golden/operator', name);
const pod: GuestNic = { name: 'default', macAddress: '02:00:00:00:00:01', pod: true };
const lan: GuestNic = {
  name: 'lan',
  macAddress: '02:00:00:00:00:02',
  pod: false,
  ipConfig: { mode: 'static', address: '10.2.0.9/24' },
};
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH ana@plant';
const keys = { 'ssh-publickey': key };
const cloudInit = { userDataSecretRef: { name: 'first-boot' } };

describe('cloud-init of a Wukong', () => {
  it('is a Secret with both documents, and a disk that reads them', async () => {
    const wukong = press(undefined, {
      cloudInitUser: { name: 'ana', password: 'correct horse' },
      sshKeySecret: 'keys',
    });
    const plan = planCloudInit(wukong, [pod, lan], seenCloudInit({ keys }));
    const { userdata = '', networkdata = '' } = documentsOf(plan);

    await expect(dump(plan, { noRefs: true })).toMatchFileSnapshot(golden('cloud-init.yaml'));
    await expect(`${userdata}---\n${networkdata}`).toMatchFileSnapshot(golden('cloud-init-documents.yaml'));
  });

  it('is nothing when nothing is asked for', () => {
    expect(planCloudInit(press(), [pod], seenCloudInit())).toEqual({
      objects: [],
      disks: [],
      volumes: [],
      mistakes: [],
    });
  });

  it('gives keys without a user to the user of the distribution', () => {
    const plan = planCloudInit(press(undefined, { sshKeySecret: 'keys' }), [pod], seenCloudInit({ keys }));

    expect(documentsOf(plan)).toEqual({ userdata: `#cloud-config\nssh_authorized_keys:\n  - "${key}"\n` });
  });

  it('has a document that says nothing where there are network data alone, because KubeVirt wants one', () => {
    const plan = planCloudInit(press(), [pod, lan], seenCloudInit());

    expect(documentsOf(plan).userdata).toBe('#cloud-config\n{}\n');
    expect(plan.volumes).toEqual([
      {
        name: 'cloudinitdisk',
        cloudInitNoCloud: {
          secretRef: { name: 'press-3-cloudinit' },
          networkDataSecretRef: { name: 'press-3-cloudinit' },
        },
      },
    ]);
  });

  it('hands on user data of the user as they are', () => {
    const seen = seenCloudInit({ 'first-boot': { userdata: 'whatever' } });
    const alone = planCloudInit(press(undefined, { cloudInit }), [pod], seen);
    const both = planCloudInit(press(undefined, { cloudInit }), [pod, lan], seen);

    expect(alone).toMatchObject({
      objects: [],
      volumes: [{ cloudInitNoCloud: { secretRef: { name: 'first-boot' } } }],
    });
    expect(Object.keys(documentsOf(both))).toEqual(['networkdata']);
    expect(both.volumes).toEqual([
      {
        name: 'cloudinitdisk',
        cloudInitNoCloud: { secretRef: { name: 'first-boot' }, networkDataSecretRef: { name: 'press-3-cloudinit' } },
      },
    ]);
  });

  it.for([
    [{}, 'the Secret first-boot with the user data is not there; make it, or correct cloudInit.userDataSecretRef'],
    [
      { 'first-boot': { other: '' } },
      'the Secret first-boot has no key userdata; add it, or correct cloudInit.userDataSecretRef',
    ],
  ] as const)('waits for user data of the user (%j)', ([secrets, message]) => {
    const plan = planCloudInit(press(undefined, { cloudInit }), [pod], seenCloudInit(secrets));

    expect(plan.waits).toEqual({ status: 'False', reason: 'MissingDependency', message });
  });

  it('waits for keys, and makes nothing meanwhile', () => {
    const plan = planCloudInit(press(undefined, { sshKeySecret: 'keys' }), [pod, lan], seenCloudInit());

    expect(plan).toMatchObject({ objects: [], disks: [], volumes: [], waits: { reason: 'SSHKeySecretNotFound' } });
  });

  it('knows each Secret that it reads', () => {
    const passwordSecretRef = { name: 'word', key: 'password' };
    const wukong = press(undefined, {
      cloudInit,
      sshKeySecret: 'keys',
      cloudInitUser: { name: 'ana', passwordSecretRef },
    });

    expect(secretNames(wukong)).toEqual(['keys', 'word', 'first-boot']);
    expect(secretNames(press())).toEqual([]);
  });
});
