import { Fault } from '#engine/fault';
import { type Gate, minute, type Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { Sight } from '#ports/world';
import { blocked, finding } from '../verbs/finding.ts';
import { machinesTold, nothingImports, nothingMigrates } from './checks/machines.ts';
import { nodesWell } from './checks/nodes.ts';
import type { Problem } from './checks/problem.ts';
import { backingImagesWell, volumesWell } from './checks/volumes.ts';
import { changeLine } from './refused.ts';
import { roomForImages } from './room.ts';
import { journeyOn } from './versions-step.ts';

/** Nothing is begun on a platform that is not well. What passes by itself is waited for; the rest is told at once. */
export function platformFit(site: Site): Step {
  return {
    id: 'upgrade/fitness',
    title: 'Look whether the platform is fit for an upgrade',
    async probe(sight) {
      const { changes } = await journeyOn(site, sight);
      if (changes.length === 0) return finding([], ['every component has the version of this release']);
      const problems = [...(await problemsOf(site, sight)), ...(await roomForImages(site, sight))];
      const lasting = problems.filter(({ passing }) => passing !== true);
      if (lasting.length > 0) return blocked(unfit([...lasting, ...problems.filter(({ passing }) => passing)]));
      const waits = problems.map(({ sentence }) => `waits: ${sentence}`);
      return finding([], [...changes.map(changeLine), ...(await machinesTold(sight.cluster)), ...waits]);
    },
    apply: async () => {},
    gate: fitness(site),
  };
}

async function problemsOf(site: Site, sight: Pick<Sight, 'cluster'>): Promise<readonly Problem[]> {
  const { changes } = await journeyOn(site, sight);
  if (changes.length === 0) return [];
  const longhorn = changes.find(({ name }) => name === 'longhorn')?.from;
  const looks = [nodesWell, volumesWell(longhorn), backingImagesWell, nothingMigrates, nothingImports];
  return (await Promise.all(looks.map((look) => look(sight)))).flat();
}

function fitness(site: Site): Gate {
  let last: readonly Problem[] = [];
  return {
    title: 'the platform to be fit for the upgrade',
    soft: 2 * minute,
    hard: 15 * minute,
    async check(sight) {
      last = await problemsOf(site, sight);
      const [first] = last;
      if (first === undefined) return { ready: true, evidence: [] };
      const more = last.length > 1 ? `, and ${last.length - 1} more` : '';
      const hopeless = first.passing === true ? {} : { hopeless: unfit(last) };
      return { ready: false, because: `${first.sentence}${more}`, ...hopeless };
    },
    explain: async () => (last.length === 0 ? undefined : unfit(last)),
  };
}

/** Every problem in its own sentence, with the next thing to do for the first three. */
function unfit(problems: readonly Problem[]): Fault {
  const [first, ...others] = problems;
  const remedies = [...new Set(problems.map(({ remedy }) => remedy))].slice(0, 3);
  return new Fault({
    code: 'UPGRADE-UNFIT',
    message:
      others.length === 0 && first !== undefined
        ? first.sentence
        : `${problems.length} things are in the way of an upgrade`,
    ...(others.length === 0
      ? { cause: 'an upgrade begins on a platform that is well, or it ends on one that is worse' }
      : {}),
    evidence: others.length === 0 ? [] : problems.map(({ sentence }) => sentence),
    remedy: remedies as unknown as readonly [string, ...string[]],
  });
}
