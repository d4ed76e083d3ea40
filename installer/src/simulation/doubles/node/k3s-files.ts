import type { Machine } from '../../bench.ts';
import type { K3sConfig } from '../k3s/k3s-config.ts';

/** The CNI plugins that k3s brings. */
const PLUGINS = ['bandwidth', 'bridge', 'firewall', 'flannel', 'host-local', 'loopback', 'portmap'];

export const confDirOf = (dataDir: string): string => `${dataDir}/agent/etc/cni/net.d`;
export const binDirOf = (dataDir: string): string => `${dataDir}/data/cni`;

/** The files that k3s writes at each start and that other components live by: flannel's conflist and the CNI plugins. */
export function writeK3sFiles(machine: Machine, config: K3sConfig): void {
  for (const plugin of PLUGINS) place(machine, `${binDirOf(config.dataDir)}/${plugin}`, '#!/k3s-cni\n');
  place(machine, `${confDirOf(config.dataDir)}/10-flannel.conflist`, FLANNEL);
}

function place(machine: Machine, path: string, content: string): void {
  if (machine.read(path) === undefined) machine.write(path, content);
}

/** As k3s's flannel template renders it (pkg/agent/flannel/setup.go). */
const FLANNEL = `{
  "name":"cbr0",
  "cniVersion":"1.0.0",
  "plugins":[
    {
      "type":"flannel",
      "delegate":{
        "hairpinMode":true,
        "forceAddress":true,
        "isDefaultGateway":true
      }
    },
    {
      "type":"portmap",
      "capabilities":{
        "portMappings":true
      }
    },
    {
      "type":"bandwidth",
      "capabilities":{
        "bandwidth":true
      }
    }
  ]
}
`;
