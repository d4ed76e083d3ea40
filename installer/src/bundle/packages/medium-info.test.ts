import { describe, expect, it } from 'vitest';
import type { Fault } from '#engine/fault';
import { readMediumInfo } from './medium-info.ts';

const read = (text: string | undefined) => readMediumInfo(text, '/media/base.iso');

describe('readMediumInfo', () => {
  it.each([
    ['Ubuntu-Server 22.04.5 LTS "Jammy Jellyfish" - Release amd64 (20240911)', '22.04.5', 'jammy', 'amd64'],
    ['Ubuntu-Server 24.04.3 LTS "Noble Numbat" - Release amd64 (20250805.1)\n', '24.04.3', 'noble', 'amd64'],
    ['Ubuntu-Server 24.04.1 LTS "Noble Numbat" - Release arm64 (20240827)', '24.04.1', 'noble', 'arm64'],
    ['Ubuntu-Server 26.04 LTS "Resolute Raccoon" - Beta amd64 (20260401)', '26.04', 'resolute', 'amd64'],
    ['Ubuntu-Server 26.04.1 LTS "Resolute Raccoon" - Release amd64 (20260806)', '26.04.1', 'resolute', 'amd64'],
  ])('reads %s', (text, release, series, architecture) => {
    expect(read(text)).toEqual({ release, series, architecture });
  });

  it.each([
    [
      'Ubuntu-Server 22.04.4 LTS "Jammy Jellyfish" - Release amd64 (20240216.1)',
      'is Ubuntu Server 22.04.4, which is too old',
    ],
    ['Ubuntu-Server 24.04 LTS "Noble Numbat" - Release amd64 (20240423)', 'is Ubuntu Server 24.04, which is too old'],
    [
      'Ubuntu-Server 20.04.6 LTS "Focal Fossa" - Release amd64 (20230314)',
      'is Ubuntu Server 20.04.6, which is too old',
    ],
    [
      'Ubuntu-Server 25.10 "Questing Quokka" - Release amd64 (20251007)',
      'is Ubuntu Server 25.10, which is no long-term release',
    ],
    [
      'Ubuntu-Server 24.04.3 LTS "Noble Numbat" - Release riscv64 (20250805.1)',
      'is for riscv64, and a node is an amd64 or arm64',
    ],
    ['Ubuntu 24.04.3 LTS "Noble Numbat" - Release amd64 (20250805.1)', 'is not the live medium of Ubuntu Server'],
    [
      'Debian GNU/Linux 12.5.0 "Bookworm" - Official amd64 NETINST with firmware 20240210-11:27',
      'is not the live medium of Ubuntu Server',
    ],
    [undefined, 'is not the live medium of Ubuntu Server'],
  ])('refuses %s', (text, because) => {
    expect(() => read(text)).toThrow(`/media/base.iso ${because}`);
  });

  it('says what it has found and what would be right', () => {
    expect(faultOf('Debian GNU/Linux 12.5.0 "Bookworm"')).toEqual({
      code: 'MEDIUM-INVALID',
      message: '/media/base.iso is not the live medium of Ubuntu Server',
      because: [],
      where: ['medium /media/base.iso'],
      evidence: ['.disk/info: Debian GNU/Linux 12.5.0 "Bookworm"'],
      remedy: [
        'take ubuntu-VERSION-live-server-ARCHITECTURE.iso of 22.04.5, of 24.04.1 or newer, or of 26.04',
        'https://releases.ubuntu.com          for amd64; https://cdimage.ubuntu.com/releases for arm64',
      ],
    });
  });
});

function faultOf(text: string): unknown {
  try {
    return read(text);
  } catch (error) {
    return (error as Fault).record();
  }
}
