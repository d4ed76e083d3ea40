import { describe, expect, it } from 'vitest';
import { virtualised } from './virtualised.ts';

describe('virtualised', () => {
  it.each([
    ['QEMU', 'Standard PC (Q35 + ICH9, 2009)', true, 'kvm'],
    ['VMware, Inc.', 'VMware20,1', true, 'vmware'],
    ['Microsoft Corporation', 'Virtual Machine', true, 'hyper-v'],
    ['Amazon EC2', 'm7i.large', true, 'ec2'],
    [undefined, undefined, true, 'unknown hypervisor'],
    ['Supermicro', 'SYS-E300-12D', false, undefined],
    ['Microsoft Corporation', 'Surface Pro', false, undefined],
  ])('names the hypervisor under %s %s', (vendor, product, flag, name) => {
    expect(virtualised(vendor, product, flag)).toBe(name);
  });
});
