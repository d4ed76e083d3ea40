/** What a reset is to take off, and what it has its hands on. */
export interface ResetWish {
  /** The data of volumes stays on the disks of the machines. */
  readonly keepData: boolean;
  /** The cluster cannot be asked any more, and somebody has agreed to go on without it. */
  readonly clusterIsLost: boolean;
  /**
   * `machine and cluster`: this machine is the first server. `machine`: it is another one, or its cluster is lost.
   * `cluster`: a cluster that is reached by a kubeconfig; its machines are not touched.
   */
  readonly reach: 'machine and cluster' | 'machine' | 'cluster';
}
