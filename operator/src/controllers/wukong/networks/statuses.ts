import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { NetworkStatus, Wukong } from '../../../api/wukong.ts';
import type { NetworksPlan } from '../plan.ts';
import { networksOf } from './plan-networks.ts';

/** Each network as KubeVirt reports it; an address is there once somebody has seen it, never because it is wished. */
export function networkStatuses(
  wukong: Wukong,
  plan: NetworksPlan,
  vmi: KubeObject | undefined,
): readonly NetworkStatus[] {
  // NICs that only the guest knows, such as docker0, have no name.
  const reported: readonly Json[] = vmi?.['status']?.interfaces ?? [];
  return networksOf(wukong).map(({ name, primary }): NetworkStatus => {
    const seen: Json = reported.find((one) => one.name === name) ?? {};
    const nad = plan.networks.find((one) => one.name === name)?.multus?.networkName;
    const mac = seen.mac ?? plan.nics.find((one) => one.name === name)?.macAddress;
    const addresses: readonly string[] = seen.ipAddresses ?? [];
    return {
      name,
      ...(seen.interfaceName === undefined ? {} : { interface: seen.interfaceName }),
      ...(seen.ipAddress === undefined || seen.ipAddress === '' ? {} : { ipAddress: seen.ipAddress }),
      ...(addresses.length === 0 ? {} : { ipAddresses: addresses }),
      ...(mac === undefined ? {} : { macAddress: mac.toLowerCase() }),
      ...(nad === undefined ? {} : { nadName: nad }),
      ...(primary === true ? { primary } : {}),
    };
  });
}
