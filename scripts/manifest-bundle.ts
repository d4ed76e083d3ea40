import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadCatalog } from '#catalog/load-catalog';
import { rehearsedBundle } from '#simulation/bundle/rehearsed-bundle';
import { layOutManifests } from './lay-out-manifests.ts';

const root = join(import.meta.dirname, '..');
const [directory, upstream = join(root, '../shared/upstream')] = process.argv.slice(2);

/** Why nothing can be laid out; undefined when it can. */
function objection(): string | undefined {
  if (directory === undefined || directory.startsWith('-'))
    return 'usage: scripts/manifest-bundle DIRECTORY [UPSTREAM]\n\nUPSTREAM holds the manifests of the components as their projects publish them, one folder each;\nmanifests/COMPONENT/component.yaml names each file with its address. Default: ../shared/upstream';
  if (!existsSync(upstream)) return `there are no manifests at ${resolve(upstream)}; name the folder that holds them`;
  if (existsSync(directory) && readdirSync(directory).length > 0) return `${directory} is not empty`;
  return undefined;
}

const why = objection();
if (why !== undefined || directory === undefined) {
  console.error(why);
  process.exit(2);
}
const catalog = await loadCatalog(root);
const count = await layOutManifests(directory, catalog, rehearsedBundle(catalog, upstream));
console.log(
  `${resolve(directory)}: ${count} manifests and their index; it installs on clusters that pull images themselves
nobody has signed it: say  bundle: {allowUnsigned: true}  in the profile, or  novasphere bundle sign ${resolve(directory)} --key FILE`,
);
