import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { Catalog } from '#catalog/catalog';
import { loadCatalog } from '#catalog/load-catalog';
import type { RunOptions } from '#engine/run';
import { phases } from '#phases/index';
import { compile } from '#plan/compile';
import type { Circumstances, Plan } from '#plan/plan';
import { explainMistakes } from '#profile/explain';
import { loadProfile } from '#profile/load';
import type { Profile } from '#profile/schema';
import type { Call } from './call.ts';
import type { Terminal } from './terminal.ts';
import { profileBytes } from './validate.ts';

/** Where this release's manifests, profiles and commands lie: the checkout, or what a release unpacks to. */
export const releaseRoot = join(import.meta.dirname, '../../..');

/** A profile as a command was given it, with what it means on this release. */
export interface GivenSite {
  readonly file: string;
  readonly digest: string;
  readonly profile: Profile;
  readonly catalog: Catalog;
}

/** Reads the profile and the catalog side by side; tells the profile's warnings on stderr. */
export async function givenSite(file: string, terminal: Terminal): Promise<GivenSite> {
  const bytes = profileBytes(file);
  const { profile, warnings } = loadProfile(bytes, file);
  if (warnings.length > 0) terminal.tell(`${explainMistakes(warnings, file)}\n`);
  const catalog = await loadCatalog(releaseRoot);
  return { file, profile, catalog, digest: createHash('sha256').update(bytes).digest('hex') };
}

export function planOf({ profile, catalog }: GivenSite, circumstances: Circumstances = {}): Plan {
  return compile(profile, catalog, phases, circumstances);
}

/** How the program is started on this machine, and how it goes on by itself after a restart. */
export function launchOf({ file }: GivenSite, { options }: Call, command: string): Circumstances {
  const where = (name: string) => {
    const value = options.text(name);
    return value === undefined ? [] : [`--${name}`, resolve(value)];
  };
  return {
    self: [process.execPath, ...process.execArgv, join(releaseRoot, 'installer/bin/novasphere.js')],
    resume: [
      command === 'upgrade' ? 'upgrade' : 'apply',
      resolve(file),
      '--yes',
      ...where('bundle'),
      ...where('kubeconfig'),
      ...(options.flag('withoutSnapshot') ? ['--without-snapshot'] : []),
      ...options.texts('prune').flatMap((one) => ['--prune', one]),
    ],
  };
}

/** The event that the journal of a run begins with. */
export function headOf(
  site: GivenSite,
  plan: Plan,
  about: { run: string; command: string; mode: 'inspect' | 'apply' },
): RunOptions['head'] {
  const versions = Object.values(site.catalog.components).map((one): [string, string] => [one.name, one.version]);
  return {
    event: 'run-began',
    version: 1,
    ...about,
    profile: { name: site.profile.metadata.name, digest: site.digest, path: site.file },
    plan: { digest: plan.digest, phases: phaseRecords(plan) },
    versions: Object.fromEntries(versions),
  };
}

/** One record a phase, with the steps of every host that it is for. */
function phaseRecords({ units }: Plan): RunOptions['head']['plan']['phases'] {
  const ids = [...new Set(units.map((unit) => unit.phase.id))];
  return ids.flatMap((id) => {
    const own = units.filter((unit) => unit.phase.id === id);
    const steps = own.flatMap(({ phase, host }) =>
      phase.steps.map((step) => ({ id: step.id, title: step.title, host })),
    );
    return steps.length === 0 ? [] : [{ id, title: own[0]?.phase.title ?? id, steps }];
  });
}
