import { describe, expect, it } from 'vitest';
import { fits } from './fits.ts';

const noble = { place: '/media/base.iso', series: 'noble', architecture: 'amd64' };

describe('fits', () => {
  it('takes the series and architecture that the bundle is for, and any series when it brings no packages', () => {
    expect(fits({ release: '0.1.0', architecture: 'amd64', series: 'noble' }, noble)).toBeUndefined();
    expect(fits({ release: '0.1.0', architecture: 'amd64' }, noble)).toBeUndefined();
  });

  it.each([
    [
      { architecture: 'amd64', series: 'jammy' },
      'the bundle is for Ubuntu jammy on amd64, and /media/base.iso is noble on amd64',
    ],
    [
      { architecture: 'arm64', series: 'noble' },
      'the bundle is for Ubuntu noble on arm64, and /media/base.iso is noble on amd64',
    ],
    [{ architecture: 'arm64' }, 'the bundle is for arm64, and /media/base.iso is for amd64'],
  ] as const)('refuses %o', (madeFor, message) => {
    const fault = fits({ release: '0.1.0', ...madeFor }, noble);

    expect(fault?.code).toBe('BUNDLE-MISMATCH');
    expect(fault?.message).toBe(message);
  });
});
