import { Fault } from '#engine/fault';
import type { BundleTarget } from '#ports/bundle';

/** A medium or a machine, as far as packages care. */
export interface PackageTarget {
  readonly place: string;
  /** `noble` */
  readonly series: string;
  readonly architecture: string;
}

/** The Fault BUNDLE-MISMATCH when a bundle is for another series or architecture; undefined when its packages fit. */
export function fits(madeFor: BundleTarget, { place, series, architecture }: PackageTarget): Fault | undefined {
  const wanted = madeFor.series ?? series;
  if (wanted === series && madeFor.architecture === architecture) return undefined;
  const [bundle, medium] =
    madeFor.series === undefined
      ? [`for ${madeFor.architecture}`, `for ${architecture}`]
      : [`for Ubuntu ${wanted} on ${madeFor.architecture}`, `${series} on ${architecture}`];
  return new Fault({
    code: 'BUNDLE-MISMATCH',
    message: `the bundle is ${bundle}, and ${place} is ${medium}`,
    where: [`medium ${place}`],
    remedy: [
      `take a medium of Ubuntu ${wanted} for ${madeFor.architecture}`,
      `novasphere bundle resolve --base ${place}          then bundle fetch, for a bundle that fits it`,
    ],
  });
}
