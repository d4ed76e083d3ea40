/** The table of ARCHITECTURE.md, "Who may import whom", in a form that a test can read. */
export type Module =
  | 'adapters'
  | 'bundle'
  | 'catalog'
  | 'cli'
  | 'diagnosis'
  | 'engine'
  | 'facts'
  | 'kube'
  | 'operator'
  | 'phases'
  | 'plan'
  | 'ports'
  | 'profile'
  | 'render'
  | 'report'
  | 'simulation'
  | 'world';

interface Rule {
  readonly any: readonly Module[];
  /** Allowed as `import type` alone. */
  readonly types?: readonly Module[];
}

export const rules: Readonly<Record<Module, Rule>> = {
  ports: { any: [], types: ['kube'] },
  engine: { any: ['ports'] },
  profile: { any: ['engine'], types: ['ports'] },
  catalog: { any: ['engine'] },
  facts: { any: ['ports'], types: ['engine'] },
  render: { any: [], types: [] },
  diagnosis: { any: ['engine'], types: ['ports', 'kube'] },
  phases: {
    any: ['engine', 'diagnosis', 'facts', 'render', 'profile', 'catalog', 'ports', 'bundle'],
    types: ['plan', 'kube'],
  },
  plan: { any: ['profile', 'catalog', 'phases', 'engine'], types: ['ports'] },
  kube: { any: [] },
  operator: { any: ['kube'], types: ['profile', 'catalog'] },
  bundle: { any: ['ports', 'engine', 'catalog'], types: ['kube'] },
  adapters: { any: ['ports', 'engine', 'kube', 'report', 'bundle'] },
  simulation: { any: ['ports', 'engine', 'kube', 'adapters', 'catalog'], types: ['profile'] },
  world: {
    any: ['report', 'adapters', 'simulation', 'ports', 'engine', 'kube', 'catalog', 'operator'],
    types: ['profile', 'plan'],
  },
  report: { any: ['engine'], types: ['ports', 'diagnosis', 'bundle'] },
  cli: {
    any: [
      'adapters',
      'bundle',
      'catalog',
      'diagnosis',
      'engine',
      'facts',
      'phases',
      'plan',
      'ports',
      'profile',
      'render',
      'report',
      'simulation',
      'world',
      'kube',
    ],
  },
};

export function allowed(from: Module, to: Module, typeOnly: boolean, _file: string): boolean {
  const rule = rules[from];
  return rule.any.includes(to) || (typeOnly && (rule.types ?? []).includes(to));
}

export function moduleOf(file: string): Module {
  const words = file.split('/');
  if (words[0] === 'operator') return words[2] === 'kube' ? 'kube' : 'operator';
  return words[2] as Module;
}

/** Where each foreign package may be imported. */
export const homes: Readonly<Record<string, readonly string[]>> = {
  '@kubernetes/client-node': ['operator/src/kube/'],
  commander: ['installer/src/cli/'],
  execa: ['installer/src/adapters/local-host', 'installer/src/adapters/local-program'],
  handlebars: ['installer/src/render/'],
  'ipaddr.js': ['installer/src/profile/', 'installer/src/phases/', 'installer/src/facts/'],
  'js-yaml': [
    'installer/src/adapters/kubeconfig',
    'installer/src/bundle/',
    'installer/src/catalog/',
    'installer/src/phases/',
    'installer/src/profile/',
    'installer/src/render/',
    'installer/src/simulation/',
    'operator/src/controllers/wukong/cloud-init/',
    'operator/src/kube/plain-kubeconfig',
  ],
  listr2: ['installer/src/adapters/listr-view'],
  pino: ['operator/src/'],
  'prom-client': ['operator/src/runtime/'],
  undici: ['installer/src/bundle/fetch/', 'operator/src/kube/'],
  unixcrypt: ['operator/src/controllers/wukong/cloud-init/'],
  zod: ['installer/src/profile/', 'installer/src/catalog/', 'installer/src/bundle/', 'operator/src/api/schema/'],
};
