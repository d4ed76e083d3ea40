import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load, YAMLException } from 'js-yaml';
import { Fault } from '#engine/fault';
import { type Catalog, type Component, componentNames } from './catalog.ts';
import { ComponentFile } from './component-schema.ts';

/** Reads what this release ships from `manifests/` of a checkout or a bundle. */
export async function loadCatalog(root: string): Promise<Catalog> {
  const [node, ...components] = await Promise.all([
    loadComponent(root, 'node'),
    ...componentNames.map((name) => loadComponent(root, name)),
  ]);
  refuseTwice([...components, node]);
  return { components: Object.fromEntries(components.map((one) => [one.name, one])) as Catalog['components'], node };
}

async function loadComponent(root: string, name: Component['name']): Promise<Component> {
  const place = join('manifests', name, 'component.yaml');
  const text = await readFile(join(root, place), 'utf8').catch((error: unknown) => {
    throw invalid(`the catalog lacks ${place}`, place, [], error);
  });
  const component = parse(text, place);
  if (component.name !== name) throw invalid(`${place} describes ${component.name} instead of ${name}`, place);
  return component;
}

function parse(text: string, place: string): Component {
  const result = ComponentFile.safeParse(read(text, place));
  if (result.success) return result.data;
  const mistakes = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw invalid(`${place} has ${mistakes.length} mistake${mistakes.length === 1 ? '' : 's'}`, place, mistakes);
}

function read(text: string, place: string): unknown {
  try {
    return load(text);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const at = error.mark === undefined ? '' : ` in line ${error.mark.line + 1}`;
    throw invalid(`${place} is not YAML`, place, [], `${error.reason}${at}`);
  }
}

/** Two components must never put different things into the same place. */
function refuseTwice(components: readonly Component[]): void {
  const seen = new Map<string, Component['name']>();
  for (const { name, assets } of components)
    for (const { path } of assets) {
      const other = seen.get(path);
      const place = `manifests/${name}/component.yaml`;
      if (other !== undefined) throw invalid(`${path} is there twice: in ${other} and in ${name}`, place);
      seen.set(path, name);
    }
}

function invalid(message: string, place: string, evidence: readonly string[] = [], cause?: unknown): Fault {
  return new Fault({
    code: 'CATALOG-INVALID',
    message,
    where: [`file ${place}`],
    evidence,
    ...(cause === undefined ? {} : { cause }),
    remedy: ['take a fresh copy of this release', 'report this: it is a mistake in Novasphere'],
  });
}
