import { join } from 'node:path';

/** What the programs of a control plane are started with; everything listens on loopback. */
export interface Ports {
  readonly api: number;
  readonly etcd: number;
  readonly peer: number;
}

export function etcdFlags(directory: string, { etcd, peer }: Ports): readonly string[] {
  return [
    '--unsafe-no-fsync',
    `--data-dir=${join(directory, 'etcd')}`,
    `--listen-client-urls=http://127.0.0.1:${etcd}`,
    `--advertise-client-urls=http://127.0.0.1:${etcd}`,
    `--listen-peer-urls=http://127.0.0.1:${peer}`,
    '--log-level=warn',
  ];
}

export function apiServerFlags(directory: string, { api, etcd }: Ports): readonly string[] {
  const tls = join(directory, 'tls');
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    `--secure-port=${api}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=10.7.0.2',
    `--cert-dir=${tls}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${join(tls, 'sa.key')}`,
    `--service-account-signing-key-file=${join(tls, 'sa.key')}`,
    '--service-cluster-ip-range=10.43.0.0/16',
    `--token-auth-file=${join(directory, 'tokens.csv')}`,
    '--authorization-mode=Node,RBAC',
    '--allow-privileged=true',
    `--audit-policy-file=${join(directory, 'audit-policy.json')}`,
    `--audit-log-path=${join(directory, 'audit.log')}`,
    // A line is there before the answer is.
    '--audit-log-mode=blocking-strict',
    '--kubelet-preferred-address-types=InternalIP',
  ];
}

/** For the controller manager and the scheduler alike. */
export function controllerFlags(kubeconfig: string, port: number): readonly string[] {
  return [`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--bind-address=127.0.0.1', `--secure-port=${port}`];
}

export function managerFlags(directory: string): readonly string[] {
  const tls = join(directory, 'tls');
  return [
    `--service-account-private-key-file=${join(tls, 'sa.key')}`,
    `--root-ca-file=${join(tls, 'apiserver.crt')}`,
    '--use-service-account-credentials=true',
    '--controllers=*,-nodeipam',
    // What is made by hand in a test is to have its effect at once.
    '--attach-detach-reconcile-sync-period=5s',
  ];
}
