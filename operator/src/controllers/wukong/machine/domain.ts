import type { Json } from '#kube/json';
import type { WukongSpec } from '../../../api/wukong.ts';

/** `domain` without its devices. The firmware's uuid and serial are KubeVirt's: a guest whose uuid changes is taken for a new one. */
export function domainOf(spec: WukongSpec): Json {
  const { firmware, machineType } = spec;
  return {
    cpu: cpuOf(spec),
    ...(firmware === undefined ? {} : bootloaders[firmware]),
    // Unpinned it is KubeVirt's choice at creation, which later releases of KubeVirt do not change.
    ...(machineType === undefined ? {} : { machine: { type: machineType } }),
    memory: memoryOf(spec),
  };
}

/** Only sockets can be added while the machine runs. */
function cpuOf({ cpu, cpuModel, dedicatedCpu }: WukongSpec): Json {
  return {
    cores: 1,
    ...(dedicatedCpu === true ? { dedicatedCpuPlacement: true } : {}),
    ...(cpuModel === undefined ? {} : { model: cpuModel }),
    sockets: cpu,
    threads: 1,
  };
}

function memoryOf({ memory, hugepages }: WukongSpec): Json {
  return { guest: memory, ...(hugepages === undefined ? {} : { hugepages: { pageSize: hugepages } }) };
}

/** Secure boot needs system management mode, which is off unless it is asked for. */
const bootloaders: Readonly<Record<NonNullable<WukongSpec['firmware']>, Json>> = {
  bios: { firmware: { bootloader: { bios: {} } } },
  uefi: { firmware: { bootloader: { efi: { secureBoot: false } } } },
  'uefi-secure': { features: { smm: { enabled: true } }, firmware: { bootloader: { efi: { secureBoot: true } } } },
};
