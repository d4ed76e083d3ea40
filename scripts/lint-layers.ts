import { homes, type Module, rules } from '../test/layers/rules.ts';

const folders: Readonly<Record<Module, string>> = {
  adapters: 'installer/src/adapters',
  bundle: 'installer/src/bundle',
  catalog: 'installer/src/catalog',
  cli: 'installer/src/cli',
  diagnosis: 'installer/src/diagnosis',
  engine: 'installer/src/engine',
  facts: 'installer/src/facts',
  kube: 'operator/src/kube',
  operator: 'operator/src',
  phases: 'installer/src/phases',
  plan: 'installer/src/plan',
  ports: 'installer/src/ports',
  profile: 'installer/src/profile',
  render: 'installer/src/render',
  report: 'installer/src/report',
  simulation: 'installer/src/simulation',
  world: 'installer/src/world',
};

/** The table of layers as rules of the linter, for editors and for `scripts/check`: both spellings of an import. */
export function lintLayers(): string {
  const modules = Object.keys(rules) as Module[];
  const overrides = modules.map((module) => ({
    files: [`${folders[module]}/**/*.ts`],
    excludeFiles: ['**/*.test.ts', ...(module === 'operator' ? ['operator/src/kube/**'] : [])],
    rules: { 'no-restricted-imports': ['error', { patterns: patternsFor(module, modules) }] },
  }));
  return `${JSON.stringify({ overrides }, undefined, 2)}\n`;
}

function patternsFor(module: Module, modules: readonly Module[]) {
  const rule = rules[module];
  const others = modules.filter((one) => one !== module);
  const never = others.filter((one) => !rule.any.includes(one) && !(rule.types ?? []).includes(one));
  const typesOnly = others.filter((one) => !rule.any.includes(one) && (rule.types ?? []).includes(one));
  return [
    ...group(never, `${module} may not import this: see ARCHITECTURE.md, “Who may import whom”`),
    ...group(typesOnly, `${module} may import only types from there`).map((one) => ({
      ...one,
      allowTypeImports: true,
    })),
    ...foreign(folders[module]),
  ];
}

function group(modules: readonly Module[], message: string): readonly { regex: string; message: string }[] {
  if (modules.length === 0) return [];
  const names = modules.join('|');
  return [{ regex: `^#(${names})/|^\\.\\..*/(${names})/`, message }];
}

/** Packages that have their home elsewhere. */
function foreign(folder: string): readonly { regex: string; message: string }[] {
  const elsewhere = Object.entries(homes).filter(
    ([, places]) => !places.some((place) => place.startsWith(folder) || folder.startsWith(place)),
  );
  const names = elsewhere.map(([name]) => name.replaceAll('.', '\\.'));
  return [
    { regex: `^(${names.join('|')})(/|$)`, message: 'this package has its home elsewhere: see test/layers/rules.ts' },
  ];
}
