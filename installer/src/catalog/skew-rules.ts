import type { ComponentName } from './catalog.ts';

/** How a component may go from one version to another, as its own project says. */
export interface SkewRule {
  /** As people call it. */
  readonly title: string;
  /** Whether every minor version has to be gone through. Where a project publishes no such rule, any step up is taken. */
  readonly oneMinor?: true;
  /** Whether the line has to be left from its latest patch. */
  readonly fromLatestPatch?: true;
  /** Why there is no way back, in the middle of a sentence. */
  readonly noWayBack: string;
  /** The newest patch of each line, which a way in several steps goes through. */
  readonly latest: Readonly<Record<string, string>>;
  /** Kubernetes from … to …, by line, where the project publishes a range. */
  readonly kubernetes?: Readonly<Record<string, readonly [from: string, to: string]>>;
}

const olderForm = 'what it has stored in its newer form, the older one cannot read';

/** Components that are upgraded, with what their projects allow. CDI, NMState, Multus and the snapshot controller publish no range of Kubernetes. */
export const skewRules: Readonly<Record<Exclude<ComponentName, 'sample-vm'>, SkewRule>> = {
  k3s: {
    title: 'k3s',
    oneMinor: true,
    noWayBack: 'Kubernetes has no way back in place, only an etcd snapshot that is restored with the older binary',
    latest: { '1.34': 'v1.34.11+k3s1', '1.35': 'v1.35.8+k3s1', '1.36': 'v1.36.4+k3s1' },
  },
  snapshotter: {
    title: 'the snapshot controller',
    noWayBack: olderForm,
    latest: { '8.5': 'v8.5.0', '8.6': 'v8.6.0' },
  },
  longhorn: {
    title: 'Longhorn',
    oneMinor: true,
    noWayBack: 'Longhorn never goes back, its manager ends at once when it finds data of a newer version',
    latest: { '1.10': 'v1.10.2', '1.11': 'v1.11.3', '1.12': 'v1.12.1' },
    kubernetes: { '1.12': ['1.25', '1.36'] },
  },
  multus: { title: 'Multus', noWayBack: olderForm, latest: { '4.2': 'v4.2.4', '4.3': 'v4.3.0' } },
  nmstate: { title: 'NMState', noWayBack: olderForm, latest: { '0.85': 'v0.85.1', '0.86': 'v0.86.0' } },
  kubevirt: {
    title: 'KubeVirt',
    oneMinor: true,
    fromLatestPatch: true,
    noWayBack: olderForm,
    latest: { '1.5': 'v1.5.2', '1.6': 'v1.6.2', '1.7': 'v1.7.4', '1.8': 'v1.8.4', '1.9': 'v1.9.0' },
    kubernetes: { '1.7': ['1.33', '1.34'], '1.8': ['1.33', '1.35'], '1.9': ['1.34', '1.36'] },
  },
  cdi: {
    title: 'CDI',
    noWayBack: 'its operator refuses: “operator downgraded, will not reconcile”',
    latest: { '1.62': 'v1.62.0', '1.63': 'v1.63.1', '1.64': 'v1.64.0', '1.65': 'v1.65.0', '1.66': 'v1.66.1' },
  },
  'cert-manager': {
    title: 'cert-manager',
    oneMinor: true,
    noWayBack: olderForm,
    latest: { '1.20': 'v1.20.3', '1.21': 'v1.21.2' },
    kubernetes: { '1.20': ['1.32', '1.35'], '1.21': ['1.33', '1.36'] },
  },
  operator: { title: 'the Wukong operator', noWayBack: olderForm, latest: {} },
};

/** Lines of KubeVirt and CDI that are shipped and tested together (HyperConverged Cluster Operator, hack/config). */
export const pairs: Readonly<Record<string, string>> = {
  '1.5': '1.62',
  '1.6': '1.63',
  '1.7': '1.64',
  '1.8': '1.65',
  '1.9': '1.66',
};
