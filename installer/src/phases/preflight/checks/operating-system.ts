import { Fault } from '#engine/fault';
import type { Check } from '../check.ts';

/** Ubuntu Server from 22.04 on; 22.04 itself has a NetworkManager that NMState complains about. */
export const operatingSystem: Check = ({ facts: { os } }) => {
  const [year = 0] = os.version.split('.').map(Number);
  if (os.id !== 'ubuntu' || year < 22) {
    const message = `${os.name} is not supported: Novasphere prepares Ubuntu Server 22.04, 24.04 and newer`;
    return [new Fault({ code: 'PREFLIGHT-OS', message, remedy: ['install Ubuntu Server 24.04 on this machine'] })];
  }
  // nmstate of kubernetes-nmstate v0.86 warns below NetworkManager 1.40; 22.04 brings 1.36.
  if (year < 24) return [`${os.name} brings NetworkManager 1.36; NMState asks for 1.40, which 24.04 has`];
  return [];
};
