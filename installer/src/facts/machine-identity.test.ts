import { describe, expect, it } from 'vitest';
import type { HostSight } from '#ports/host';
import { isLikelySameMachine, isSameMachine, type MachineIdentity, readIdentity } from './machine-identity.ts';

const here: MachineIdentity = { machineID: 'aa11', systemUUID: '4C4C4544-0001', bootID: 'b-1' };

describe('a Node', () => {
  it.each([
    ['with the same machine id in the same boot', {}],
    ['whose UUID cannot be read without root', { systemUUID: '' }],
    ['whose kubelet has not spoken since the machine was restarted', { bootID: 'b-0' }],
    ['that writes its UUID in other letters', { systemUUID: '4c4c4544-0001', bootID: 'b-0' }],
  ])('is this machine: one %s', (_, difference) => {
    expect(isSameMachine({ ...here, ...difference }, here)).toBe(true);
  });

  it.each([
    ['with nothing in common', { machineID: 'bb22', systemUUID: '4C4C4544-0002', bootID: 'b-2' }],
    ['that was cloned from the same disk', { systemUUID: '4C4C4544-0002', bootID: 'b-2' }],
    ['that runs in a container on this machine', { machineID: 'cc33' }],
    ['of a container that has no machine id', { machineID: '' }],
    ['that was cloned, where the UUID cannot be read', { systemUUID: '', bootID: 'b-2' }],
  ])('is another machine: one %s', (_, difference) => {
    expect(isSameMachine({ ...here, ...difference }, here)).toBe(false);
  });

  it('is never a machine of which nothing is known', () => {
    const nothing = { machineID: '', systemUUID: '', bootID: '' };

    expect(isSameMachine(nothing, nothing)).toBe(false);
    expect(isSameMachine(here, nothing)).toBe(false);
    expect(isLikelySameMachine(nothing, nothing)).toBe(false);
  });

  it('is this machine after a restart of a board without a UUID, where nothing else is to be expected', () => {
    const board = { machineID: 'aa11', systemUUID: '', bootID: 'b-2' };

    expect(isLikelySameMachine({ ...board, bootID: 'b-1' }, board)).toBe(true);
    expect(isSameMachine({ ...board, bootID: 'b-1' }, board)).toBe(false);
    expect(isLikelySameMachine({ ...board, machineID: 'bb22' }, board)).toBe(false);
  });
});

it('reads what a kubelet reads, and nothing where there is nothing', async () => {
  const files = new Map([['/etc/machine-id', 'aa11\n']]);
  const host = { name: 'laptop', read: async (path: string) => files.get(path) } as unknown as HostSight;

  expect(await readIdentity(host)).toEqual({ machineID: 'aa11', systemUUID: '', bootID: '' });
});
