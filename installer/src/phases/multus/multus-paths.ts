import type { Site } from '#plan/plan';

/** Where k3s keeps what containerd reads networks from; all of it moves with the data directory. */
export interface MultusPaths {
  /** Holds 10-flannel.conflist and 00-multus.conf. */
  readonly configuration: string;
  /** Since October 2024 the same directory in every version of k3s (k3s#10868). */
  readonly binaries: string;
  /** As the plugin finds it, which runs on the host. */
  readonly kubeconfig: string;
}

export function multusPaths({ profile }: Site): MultusPaths {
  const { dataDir } = profile.cluster.k3s;
  const configuration = `${dataDir}/agent/etc/cni/net.d`;
  return {
    configuration,
    binaries: `${dataDir}/data/cni`,
    kubeconfig: `${configuration}/multus.d/multus.kubeconfig`,
  };
}

/** The names under which the entrypoint may write its configuration, first of all in the directory. */
export const configurationNames = ['00-multus.conf', '00-multus.conflist'];
