import { Fault } from '#engine/fault';
import type { Bundle } from '#ports/bundle';

const shown = 10;

/** Every file of the bundle is what its index says. */
export async function whole(bundle: Bundle): Promise<readonly Fault[]> {
  const problems = await bundle.verify();
  if (problems.length === 0) return [];
  const more = problems.length - shown;
  return [
    new Fault({
      code: 'BUNDLE-INVALID',
      message: `the bundle is not whole: ${problems.length} file${problems.length === 1 ? ' is' : 's are'} not as its index says`,
      where: [`bundle ${bundle.place}`],
      evidence: [
        ...problems.slice(0, shown).map(({ kind, path, detail }) => `${kind} ${path}: ${detail}`),
        ...(more > 0 ? [`and ${more} more`] : []),
      ],
      remedy: [
        'copy the bundle again from where it was made',
        `novasphere plan PROFILE --bundle ${bundle.place}  reads every file again`,
      ],
    }),
  ];
}
