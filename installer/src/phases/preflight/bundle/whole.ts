import { Fault } from '#engine/fault';
import { shortened } from '#engine/shortened';
import type { Bundle } from '#ports/bundle';

const shown = 10;

/** Every file of the bundle is what its index says. */
export async function whole(bundle: Bundle): Promise<readonly Fault[]> {
  const problems = await bundle.verify();
  if (problems.length === 0) return [];
  return [
    new Fault({
      code: 'BUNDLE-INVALID',
      message: `the bundle is not whole: ${problems.length} file${problems.length === 1 ? ' is' : 's are'} not as its index says`,
      where: [`bundle ${bundle.place}`],
      evidence: shortened(
        problems.map(({ kind, path, detail }) => `${kind} ${path}: ${detail}`),
        shown,
      ),
      remedy: [
        'copy the bundle again from where it was made',
        `novasphere plan PROFILE --bundle ${bundle.place}  reads every file again`,
      ],
    }),
  ];
}
