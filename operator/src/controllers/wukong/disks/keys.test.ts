import { expect, it } from 'vitest';
import { claimsUsedBy, diskClaims } from './keys.ts';
import { wukongWith } from './test-storage.ts';

const wukong = wukongWith([
  { name: 'root', size: '1Gi' },
  { name: 'old', source: { existingClaim: { name: 'old-data' } } },
  { name: 'copy', size: '1Gi', source: { pvc: { name: 'gold' } } },
]);

it('the claims behind the disks are its own and those it was given', () => {
  expect(diskClaims(wukong)).toEqual(['press-3-root', 'old-data', 'press-3-copy']);
});

it('it depends on those, and on what its disks are copies of', () => {
  expect(claimsUsedBy(wukong)).toEqual(['press-3-root', 'old-data', 'press-3-copy', 'gold']);
});
