import type { Check } from '../check.ts';

export const firmwareMode: Check = ({ facts: { firmware } }) =>
  firmware === 'uefi' ? [] : ['this machine boots in BIOS mode; UEFI is the mode that servers are made for today'];
