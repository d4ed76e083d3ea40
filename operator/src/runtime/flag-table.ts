/** A flag as it is typed, explained and set by the environment. */
export interface Flag {
  readonly name: string;
  /** What stands for its value in the help; a flag without one is true or false. */
  readonly value?: string;
  readonly fallback: string;
  /** One line each. */
  readonly about: readonly string[];
}

export const flags = [
  {
    name: 'metrics-bind-address',
    value: 'ADDRESS',
    fallback: '0',
    about: ['Where /metrics answers, without asking who is there: 127.0.0.1:8080,', ':8080; 0 for nowhere.'],
  },
  {
    name: 'health-probe-bind-address',
    value: 'ADDRESS',
    fallback: ':8081',
    about: ['Where /healthz and /readyz answer; the node asks from outside the pod.', '0 for nowhere.'],
  },
  {
    name: 'leader-elect',
    fallback: 'true',
    about: ['Let one of several replicas lead. Without it, nobody else may run.'],
  },
  {
    name: 'watch-namespaces',
    value: 'NAMES',
    fallback: '',
    about: ['The namespaces to look after, with commas between them. Default: all.'],
  },
  {
    name: 'max-concurrent-reconciles',
    value: 'COUNT',
    fallback: '4',
    about: ['How many Wukongs are worked on at a time.'],
  },
  { name: 'enable-nmstate', fallback: 'false', about: ['Make bridges on the nodes through NMState.'] },
  {
    name: 'nmstate-allowed-uplinks',
    value: 'NAMES',
    fallback: '',
    about: [
      'Interfaces of the nodes that may become part of a bridge, with commas',
      'between them: eth1, eth1:br-lan.',
    ],
  },
  {
    name: 'nmstate-allow-node-nic',
    fallback: 'false',
    about: ['Also take an interface that carries an address of the node. It can cut the', 'node off.'],
  },
  {
    name: 'nncp-deletion-policy',
    value: 'POLICY',
    fallback: 'retain',
    about: ['What becomes of a bridge that nobody uses any more: retain or remove.'],
  },
  {
    name: 'kube-api-qps',
    value: 'COUNT',
    fallback: '500',
    about: ['Requests a second to the API server in the long run.'],
  },
  { name: 'kube-api-burst', value: 'COUNT', fallback: '1000', about: ['Requests at once after a rest.'] },
  {
    name: 'log-level',
    value: 'LEVEL',
    fallback: 'info',
    about: ['The least that is logged: debug, info, warn or error.'],
  },
  {
    name: 'kubeconfig',
    value: 'PATH',
    fallback: '',
    about: ['How to reach the cluster. Default: $KUBECONFIG, ~/.kube/config, or the', 'service account of the pod.'],
  },
  { name: 'context', value: 'NAME', fallback: '', about: ['The context of the kubeconfig. Default: its current one.'] },
] as const satisfies readonly Flag[];

export type FlagName = (typeof flags)[number]['name'];

/** `WUKONG_LOG_LEVEL` for `log-level`. */
export function variableOf(name: string): string {
  return `WUKONG_${name.toUpperCase().replaceAll('-', '_')}`;
}

export function help(): string {
  return `The Wukong operator: keeps virtual machines as their Wukongs describe them.

  wukong-operator [FLAG...]

Each flag can also be set by the environment variable below it; the flag wins.

${flags.map(explained).join('\n')}
  --help
      Say this.
  --version
      Say which version this is.

POD_NAMESPACE is where the lease lives and POD_NAME who holds it; by default
novasphere-system and the name of the machine.
`;
}

function explained({ name, value, fallback, about }: Flag): string {
  const head = value === undefined ? `--${name}[=true|false]` : `--${name} ${value}`;
  const otherwise = fallback === '' ? '' : `, default ${fallback}`;
  return [head, ...about.map((line) => `    ${line}`), `    (${variableOf(name)}${otherwise})`]
    .map((line) => `  ${line}`)
    .join('\n');
}
