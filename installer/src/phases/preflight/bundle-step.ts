import { Fault } from '#engine/fault';
import type { Step } from '#engine/step';
import type { BundleProblem } from '#ports/bundle';
import { blocked, finding } from '../verbs/finding.ts';

const shown = 10;

/** Every file of the bundle is what its index says, before the first of them is used. */
export function bundleStep(): Step {
  return {
    id: 'preflight/bundle',
    title: 'Check that the bundle is whole',
    withoutHost: true,
    async probe({ bundle }) {
      const problems = await bundle.verify();
      return problems.length === 0 ? finding([]) : blocked(broken(bundle.place, problems));
    },
    apply: async () => {},
  };
}

function broken(place: string, problems: readonly BundleProblem[]): Fault {
  const more = problems.length - shown;
  return new Fault({
    code: 'BUNDLE-INVALID',
    message: `the bundle is not whole: ${problems.length} file${problems.length === 1 ? ' is' : 's are'} not as its index says`,
    where: [`bundle ${place}`],
    evidence: [
      ...problems.slice(0, shown).map(({ kind, path, detail }) => `${kind} ${path}: ${detail}`),
      ...(more > 0 ? [`and ${more} more`] : []),
    ],
    remedy: [
      'copy the bundle again from where it was made',
      `novasphere plan PROFILE --bundle ${place}  reads every file again`,
    ],
  });
}
