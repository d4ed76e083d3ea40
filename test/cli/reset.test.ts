import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { volumesIn } from '#phases/reset/cluster/volumes';
import { machinesIn } from '#phases/reset/cluster/workloads';
import { type Listening, listen } from '#simulation/api-server/listen';
import { kubeconfigFile } from '../fixtures/kubeconfig.ts';
import { type Stage, stage } from '../fixtures/rehearsed.ts';
import { guestOn, resetOn } from '../fixtures/reset.ts';
import { novasphere, scratch } from './novasphere.ts';

const profile = 'profiles/single-node.yaml';
let site: Stage;
let listening: Listening;
let folder: string;
let state: string;

beforeAll(async () => {
  site = await stage('single-node');
  await site.play();
  await guestOn(site);
  listening = await listen(site.world.server);
  folder = scratch();
  state = join(folder, 'state');
});
afterAll(async () => {
  await listening.close();
  site.world.close();
});

async function reset(...words: readonly string[]) {
  const kubeconfig = kubeconfigFile(folder, listening.url);
  const ended = await novasphere(['reset', profile, '--kubeconfig', kubeconfig, ...words], { NOVASPHERE_STATE: state });
  const short = (text: string) => text.replaceAll(listening.url, 'http://CLUSTER').replaceAll(folder, '~');
  return {
    ...ended,
    err: short(ended.err)
      .replace(/db-vm-\w+/g, 'db-vm-…')
      .split('\n')
      .slice(1)
      .join('\n'),
  };
}

/** Whether the guest is still there, with both of its disks. */
async function isWhole(): Promise<boolean> {
  const { cluster } = site.world;
  return (await machinesIn(cluster)).length === 1 && (await volumesIn(cluster)).length === 2;
}

describe('reset on the command line', () => {
  it('lists what would be lost, with sizes and users, and what to type', async () => {
    const { exitCode, out, err } = await reset();

    expect([exitCode, out]).toEqual([6, '']);
    expect(err).toMatchInlineSnapshot(`
      "✖ Something would be destroyed without consent
        nothing was removed: nobody has agreed to lose 1 virtual machine and 2 volumes
        of 3 GiB
        because  a virtual machine and a volume are only removed when the command line
                 names exactly them
        seen     virtual machine shop/db, Running
                 volume shop/db-boot, 1 GiB, used by virt-launcher-db-vm-…
                 volume shop/db-data, 2 GiB, used by virt-launcher-db-vm-…
        try      novasphere reset profiles/single-node.yaml --keep-data --with-vm shop/db
                   keeps the data of every volume
                 novasphere reset profiles/single-node.yaml --with-vm shop/db --with-volume shop/db-boot --with-volume shop/db-data
                   when all of it may be lost
      "
    `);
    expect(await isWhole()).toBe(true);
  });

  it('keeps asking for the virtual machine when only the data is to be kept', async () => {
    const { exitCode, err } = await reset('--keep-data');

    expect(exitCode).toBe(6);
    expect(err).toMatchInlineSnapshot(`
      "✖ Something would be destroyed without consent
        nothing was removed: nobody has agreed to lose 1 virtual machine
        because  a virtual machine and a volume are only removed when the command line
                 names exactly them
        seen     virtual machine shop/db, Running
        try      novasphere reset profiles/single-node.yaml --keep-data --with-vm shop/db
                   keeps the data of every volume
      "
    `);
  });

  it('takes a wrong number of volumes for a mistake', async () => {
    const { exitCode, err } = await reset('--with-vm', 'shop/db', '--with-all-volumes', '3');

    expect(exitCode).toBe(6);
    expect(err).toMatchInlineSnapshot(`
      "✖ Something would be destroyed without consent
        nothing was removed: nobody has agreed to lose 2 volumes of 3 GiB
        because  there are 2 volumes, not 3
        seen     volume shop/db-boot, 1 GiB, used by virt-launcher-db-vm-…
                 volume shop/db-data, 2 GiB, used by virt-launcher-db-vm-…
        try      novasphere reset profiles/single-node.yaml --keep-data --with-vm shop/db
                   keeps the data of every volume
                 novasphere reset profiles/single-node.yaml --with-vm shop/db --with-volume shop/db-boot --with-volume shop/db-data
                   when all of it may be lost
      "
    `);
  });

  it('says which name nothing has, where a mistake in typing has left another one unnamed', async () => {
    const { exitCode, err } = await reset('--with-vm', 'shop/dp', '--with-all-volumes', '2');

    expect(exitCode).toBe(6);
    expect(err).toMatchInlineSnapshot(`
      "✖ Something would be destroyed without consent
        nothing was removed: nobody has agreed to lose 1 virtual machine
        because  there is no virtual machine shop/dp
        seen     virtual machine shop/db, Running
        try      novasphere reset profiles/single-node.yaml --keep-data --with-vm shop/db
                   keeps the data of every volume
                 novasphere reset profiles/single-node.yaml --with-vm shop/db --with-volume shop/db-boot --with-volume shop/db-data
                   when all of it may be lost
      "
    `);
  });

  it('wants the name of the site beside all of that, and removes nothing without it', async () => {
    const { exitCode, err } = await reset('--with-vm', 'shop/db', '--with-all-volumes', '2');

    expect(exitCode).toBe(6);
    expect(err.slice(err.indexOf('in all'))).toMatchInlineSnapshot(`
      "in all      70 changes in 15 steps of 17
      reboot      not needed
      destroys    virtual machine shop/db, volume shop/db-boot (1 GiB), volume shop/db-data (2 GiB)
      note        this machine is no node of the cluster at http://CLUSTER:
                  what the profile says of machines (disks, network cards, kernel,
                  hugepages) is not looked at from here
      ✖ Nobody agreed to the changes
        nothing was removed, because nobody has named plant-7
        because  there is no terminal to ask on
        try      run the same command in a terminal and type the name of the site
                 add  --yes-remove plant-7  to agree beforehand
      "
    `);
    expect(await isWhole()).toBe(true);
  });

  it('does not take the name of another site for this one', async () => {
    const { exitCode, err } = await reset('--with-vm', 'shop/db', '--with-all-volumes', '2', '--yes-remove', 'plant-8');

    expect(exitCode).toBe(6);
    expect(err.slice(err.indexOf('✖'))).toMatchInlineSnapshot(`
      "✖ Nobody agreed to the changes
        nothing was removed, because nobody has named plant-7
        because  --yes-remove names plant-8, and this site is plant-7
        try      run the same command in a terminal and type the name of the site
                 add  --yes-remove plant-7  to agree beforehand
      "
    `);
  });

  it('refuses the cluster of another site, whatever was typed', async () => {
    const { cluster } = site.world;
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'novasphere-system', name: 'novasphere-certificate' };
    await cluster.merge(ref, { data: { site: 'plant-8' } });

    const { exitCode, err } = await reset('--with-vm', 'shop/db', '--with-all-volumes', '2', '--yes-remove', 'plant-7');
    await cluster.merge(ref, { data: { site: 'plant-7' } });

    expect(exitCode).toBe(6);
    expect(err).toMatchInlineSnapshot(`
      "✖ Something would be destroyed without consent
        nothing was removed: this cluster is the site plant-8, and
        profiles/single-node.yaml is the profile of plant-7
        where    object ConfigMap novasphere-system/novasphere-certificate
        try      novasphere reset PROFILE          with the profile of plant-8
      "
    `);
  });

  it('does nothing where nothing is left, asks nobody, and starts no journal', async () => {
    const consents = new Set(['virtual machine shop/db', 'volume shop/db-boot (1 GiB)', 'volume shop/db-data (2 GiB)']);
    await resetOn(site, { reach: 'cluster' }).play({ consents });
    const { exitCode, out, err } = await reset();

    expect(exitCode).toBe(0);
    expect(err).toMatchInlineSnapshot(`
      "Nothing to change: 17 steps looked at, all as wanted.
      note        this machine is no node of the cluster at http://CLUSTER:
                  what the profile says of machines (disks, network cards, kernel,
                  hugepages) is not looked at from here
      "
    `);
    expect(out).toBe('the machines of the cluster were not touched; each is reset on itself\n');
    expect(readdirSync(state)).not.toContain('runs');
  });
});
