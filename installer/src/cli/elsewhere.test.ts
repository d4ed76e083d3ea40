import { describe, expect, it } from 'vitest';
import { outOfReachHost } from '#adapters/out-of-reach-host';
import { Fault } from '#engine/fault';
import { reach } from '#engine/reach';
import type { Unit } from '#engine/run';
import type { Host } from '#ports/host';
import type { World } from '#ports/world';
import { faultScreen } from '#report/fault-screen';
import { fileStep, unit } from '../../../test/fixtures/small-world.ts';
import { elsewhereNotes, refuseElsewhere } from './elsewhere.ts';

const of = (id: string, title: string, host: string, on: 'each host' | 'cluster' = 'each host') =>
  unit(id, [fileStep(`${id}/step`)], { host, on, title });
const units: readonly Unit[] = [
  of('preflight', 'Preflight', 'a'),
  of('preflight', 'Preflight', 'b'),
  of('k3s', 'Kubernetes (k3s)', 'a'),
  of('k3s', 'Kubernetes (k3s)', 'b'),
  of('longhorn', 'Longhorn', 'a', 'cluster'),
  of('multus', 'Multus', 'a', 'cluster'),
];
type Reached = Pick<World, 'host' | 'remote'>;
const laptop: Reached = { host: outOfReachHost, remote: { server: 'https://10.7.0.10:6443' } };
/** A node that was not told how the cluster is reached. */
const node = (own: string): Reached => ({ host: (name) => (name === own ? ({ name } as Host) : undefined) });
const notes = (world: Reached, asked = units) => elsewhereNotes(reach(asked, world), world);
const cluster = units.filter(({ phase }) => phase.on === 'cluster');

function screenOf(world: Reached, asked = units): string {
  try {
    refuseElsewhere(asked, reach(asked, world), world);
  } catch (error) {
    if (error instanceof Fault) return `${error.code} ${error.exitCode}\n${faultScreen(error.record())}`;
    throw error;
  }
  return 'not refused';
}

describe('what happens elsewhere is said once', () => {
  it('of everything that a laptop does not see', () => {
    expect(notes(laptop)).toEqual([
      'this machine is no node of the cluster at https://10.7.0.10:6443: “Preflight” and “Kubernetes (k3s)”, and what the profile says of machines (disks, network cards, kernel, hugepages), are not looked at from here',
    ]);
    expect(notes(laptop, cluster)).toEqual([
      'this machine is no node of the cluster at https://10.7.0.10:6443: what the profile says of machines (disks, network cards, kernel, hugepages) is not looked at from here',
    ]);
  });

  it('of the other machines of a site', () => {
    expect(notes(node('a'))).toEqual([
      'not done from here: “Preflight” and “Kubernetes (k3s)” of b; run the same command there',
    ]);
    expect(notes(node('b'))).toEqual([
      'not done from here: “Preflight” and “Kubernetes (k3s)” of a; run the same command there',
      'not done from here: “Longhorn” and “Multus”; a does it, or this machine with --kubeconfig FILE',
    ]);
  });

  it('and not at all where everything is at hand', () => {
    expect(notes({ host: (name) => ({ name }) as Host })).toEqual([]);
  });
});

describe('what was asked for', () => {
  it('is refused on a laptop as soon as a machine would have to be changed', () => {
    expect(screenOf(laptop)).toMatchInlineSnapshot(`
      "HOST-OUT-OF-REACH 6
      ✖ The node is another machine
        this machine is not a node of the cluster at https://10.7.0.10:6443:
        “Preflight” and “Kubernetes (k3s)” are done on a and b itself
        because  a machine is only ever changed by a run on that very machine
        try      novasphere apply PROFILE --from longhorn --kubeconfig FILE
                   what goes through the API alone
                 run the same command on a and b, without --kubeconfig
                   for the machine
      "
    `);
  });

  it('is refused on a laptop when it is an upgrade, which raises k3s as well', () => {
    expect(() => refuseElsewhere(units, reach(units, laptop), laptop, 'upgrade')).toThrow(
      expect.objectContaining({
        code: 'HOST-OUT-OF-REACH',
        remedy: ['run the same command on a and b, without --kubeconfig          for the machine'],
      }),
    );
  });

  it('is done from a laptop where it goes through the API alone', () => {
    expect(screenOf(laptop, cluster)).toBe('not refused');
  });

  it('is done on each node as far as it is its own', () => {
    expect(screenOf(node('a'))).toBe('not refused');
    expect(screenOf(node('b'))).toBe('not refused');
  });

  it('is refused on a second server where all of it is the first one’s', () => {
    expect(screenOf(node('b'), cluster)).toMatchInlineSnapshot(`
      "HOST-OUT-OF-REACH 6
      ✖ The node is another machine
        nothing of this is done from here: “Longhorn” and “Multus” are left to a
        try      run the same command on a
                 novasphere apply PROFILE --from longhorn --kubeconfig FILE
                   drives the cluster from anywhere
      "
    `);
  });
});
