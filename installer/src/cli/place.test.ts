import { describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import type { NodeIdentity } from '#facts/machine-identity';
import { Profile } from '#profile/schema';
import { faultScreen } from '#report/fault-screen';
import { type Evidence, placeOf } from './place.ts';

const machine = (name: string) => ({ machineID: `id-${name}`, systemUUID: `uuid-${name}`, bootID: `boot-${name}` });
const node = (name: string, of = name): NodeIdentity => ({ name, ...machine(of) });

/** A profile with so many nodes; `serials` gives each of them the serial number `S-<name>`. */
function profileOf(names: readonly string[], { serials = false } = {}): Profile {
  return Profile.parse({
    apiVersion: 'novasphere.dev/v1alpha1',
    kind: 'Profile',
    metadata: { name: 'plant-7' },
    nodes: names.map((name, index) => ({
      name,
      ...(serials ? { machine: { serial: `S-${name}` } } : {}),
      network: { management: { match: { mac: `3c:ec:ef:00:00:0${index}` }, dhcp: true } },
    })),
  });
}

/** This machine is `a`; the profile has one node `a` that any machine may be; no cluster answers. */
function place(about: Partial<Evidence> = {}) {
  return placeOf({
    profile: profileOf(['a']),
    kubeconfig: 'own',
    machine: machine('a'),
    hardware: { serial: 'S-a' },
    nodes: undefined,
    ...about,
  });
}

function screenOf(about: Partial<Evidence>): string {
  try {
    place(about);
  } catch (error) {
    if (error instanceof Fault) return `${error.code} ${error.exitCode}\n${faultScreen(error.record())}`;
    throw error;
  }
  throw new Error('it found its place');
}

const three = profileOf(['a', 'b', 'c'], { serials: true });
const laptop = machine('laptop');

describe('on a machine without a cluster', () => {
  it('is the only node of the profile', () => {
    expect(place()).toEqual({ node: 'a', drives: true, warnings: [] });
  });

  it('is the node with its serial number, and leaves the cluster to the first server', () => {
    expect(place({ profile: three, hardware: { serial: 'S-b' } })).toEqual({ node: 'b', drives: false, warnings: [] });
  });

  it('is refused when the profile names other machines', () => {
    expect(() => place({ profile: three, hardware: { serial: 'S-x' } })).toThrow(
      expect.objectContaining({ code: 'MATCH-NONE' }),
    );
  });
});

describe('on a node, reached as k3s says it', () => {
  it('is that node', () => {
    expect(place({ nodes: [node('a')] })).toEqual({ node: 'a', drives: true, warnings: [] });
  });

  it('is that node, also among several that the profile does not tell apart', () => {
    const profile = profileOf(['a', 'b']);

    expect(place({ profile, machine: machine('b'), nodes: [node('a'), node('b')] })).toMatchObject({ node: 'b' });
  });

  it('is the node of the profile before its kubelet has registered', () => {
    expect(place({ nodes: [] })).toMatchObject({ node: 'a', drives: true });
    expect(place({ profile: three, nodes: [node('b')] })).toMatchObject({ node: 'a', drives: true });
  });

  it('is that node after a restart, although the cluster still tells of the boot before', () => {
    const board = { machineID: 'id-a', systemUUID: '', bootID: 'boot-after' };

    expect(place({ machine: board, nodes: [{ ...node('a'), systemUUID: '' }] })).toMatchObject({ node: 'a' });
  });

  it('refuses a cluster that calls this machine otherwise than the profile', () => {
    expect(screenOf({ nodes: [node('laptop', 'a')] })).toMatchInlineSnapshot(`
      "MATCH-CLUSTER 1
      ✖ The nodes of the cluster are not those of the profile
        this machine is the node laptop of the cluster, but the node a of the profile
        where    nodes
        try      name the node laptop in the profile, or use the profile of this
                 cluster
                 kubectl get nodes -o wide          which machines the cluster knows
      "
    `);
  });

  it('refuses a cluster in which the node is another machine', () => {
    expect(screenOf({ machine: laptop, nodes: [node('a')] })).toMatchInlineSnapshot(`
      "HOST-OUT-OF-REACH 6
      ✖ The node is another machine
        the cluster that answers here knows another machine as its node a
        where    object Node a
        seen     machine id of this machine: id-laptop
                 machine id of the node: id-a
        try      journalctl --unit k3s --lines 50
                   why the kubelet of this machine has not registered
                 novasphere apply PROFILE --from longhorn --kubeconfig FILE
                   drives the cluster of another machine
      "
    `);
  });
});

describe('with a kubeconfig from elsewhere', () => {
  const given = { kubeconfig: 'given' } as const;

  it('is no node: a laptop never gets host phases, though the profile would take any machine', () => {
    expect(place({ ...given, machine: laptop, nodes: [node('a')] })).toEqual({
      node: undefined,
      drives: true,
      warnings: [],
    });
  });

  it('is no node when it is only like one: a clone, or the machine under a node in a container', () => {
    const clone = { ...machine('other'), machineID: 'id-a' };
    const under = { ...machine('a'), machineID: 'id-laptop' };

    expect(place({ ...given, machine: clone, nodes: [node('a')] }).node).toBeUndefined();
    expect(place({ ...given, machine: under, nodes: [node('a')] }).node).toBeUndefined();
  });

  it('is no node of the profile when it is a node that the profile does not name', () => {
    const found = place({ ...given, machine: laptop, nodes: [node('a'), node('laptop')] });

    expect(found).toEqual({
      node: undefined,
      drives: true,
      warnings: ['laptop is in the cluster and not in the profile; it is set up for the nodes of the profile'],
    });
  });

  it('is a node where it is one, and drives the cluster also from the second server', () => {
    const nodes = [node('a'), node('b'), node('c')];
    const hardware = { serial: 'S-b' };

    expect(place({ ...given, profile: three, machine: machine('b'), hardware, nodes })).toEqual({
      node: 'b',
      drives: true,
      warnings: [],
    });
  });

  it('refuses the cluster of another site, and names both lists', () => {
    expect(
      screenOf({ ...given, profile: three, machine: laptop, nodes: [node('a'), node('x')] }),
    ).toMatchInlineSnapshot(`
      "MATCH-CLUSTER 1
      ✖ The nodes of the cluster are not those of the profile
        the cluster has no nodes b, c, which the profile names
        where    nodes
        seen     nodes of the profile: a, b, c
                 nodes of the cluster: a, x
        try      name the kubeconfig of the cluster that the profile describes: --kubeconfig FILE
                 or name the nodes in the profile as \`kubectl get nodes\` does
      "
    `);
  });

  it('refuses a cluster without nodes', () => {
    expect(screenOf({ ...given, machine: laptop, nodes: [] })).toContain('nodes of the cluster: none');
  });

  it('refuses a node that the profile knows by another serial number', () => {
    const hardware = { serial: 'S-of-another-site' };

    expect(() =>
      place({ ...given, profile: profileOf(['a'], { serials: true }), hardware, nodes: [node('a')] }),
    ).toThrow(expect.objectContaining({ code: 'MATCH-NONE' }));
  });

  it('refuses a machine that is one node of the cluster and another of the profile', () => {
    const nodes = [node('a'), node('b'), node('c')];

    expect(screenOf({ ...given, profile: three, hardware: { serial: 'S-b' }, nodes })).toMatchInlineSnapshot(`
      "MATCH-CLUSTER 1
      ✖ The nodes of the cluster are not those of the profile
        this machine is the node a of the cluster, but the node b of the profile
        where    nodes
        try      name the node a in the profile, or use the profile of this cluster
                 kubectl get nodes -o wide          which machines the cluster knows
      "
    `);
  });
});
