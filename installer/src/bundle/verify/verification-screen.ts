import { bytes as sizeOf } from '#engine/disk-full';
import type { BundleProblem, BundleSignature, BundleTarget } from '#ports/bundle';
import type { Verification } from './verify-bundle.ts';

/** Of each kind; the rest is counted. */
const shown = 10;

/** What each kind means, in the order in which a person wants to know. */
const headings: Readonly<Record<BundleProblem['kind'], string>> = {
  escapes: 'paths that no bundle may name',
  link: 'links; a bundle holds none',
  special: 'neither files nor directories',
  missing: 'missing',
  changed: 'changed',
  unreadable: 'cannot be read',
  extra: 'too many',
};

/** What `bundle verify` found out, for a terminal; without a new line at its end. */
export function verificationScreen(verification: Verification): string {
  const { place, madeFor, files, bytes, seconds, signature, problems } = verification;
  const rate = seconds > 0 ? `, ${sizeOf(bytes / seconds)}/s` : '';
  return [
    place,
    `  made for  ${targetText(madeFor)}`,
    `  read      ${count(files, 'file')}, ${sizeOf(bytes)} in ${seconds.toFixed(1)} s${rate}`,
    `  signed    ${signatureText(signature)}`,
    `  verdict   ${verdictText(problems.length)}`,
    ...Object.entries(headings).flatMap(([kind, heading]) =>
      group(
        heading,
        problems.filter((problem) => problem.kind === kind),
      ),
    ),
  ].join('\n');
}

function verdictText(problems: number): string {
  if (problems === 0) return 'every file is as it should be';
  return problems === 1 ? '1 file is not as it should be' : `${problems} files are not as they should be`;
}

function targetText(madeFor: BundleTarget | undefined): string {
  if (madeFor === undefined) return 'nothing in particular: manifests alone';
  const { release, architecture, series } = madeFor;
  const packages = series === undefined ? 'without packages' : `Ubuntu ${series}`;
  return `Novasphere ${release}, ${architecture}, ${packages}`;
}

function signatureText(signature: BundleSignature): string {
  if (signature.kind === 'trusted') return `by the trusted key ${signature.keyId}: ${signature.comment}`;
  if (signature.kind === 'unknown') return `by the key ${signature.keyId}, which nobody here trusts`;
  return signature.kind === 'absent' ? 'by nobody' : `by a forger: ${signature.detail}`;
}

function group(heading: string, problems: readonly BundleProblem[]): readonly string[] {
  if (problems.length === 0) return [];
  const more = problems.length - shown;
  return [
    '',
    `${heading}:`,
    ...problems.slice(0, shown).map(({ path, detail }) => `  ${printable(path)}: ${detail}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

/** The name of a file too many is anybody's: it must not steer the terminal. */
function printable(path: string): string {
  return /\p{C}/u.test(path) ? JSON.stringify(path).replaceAll(/\p{C}/gu, '�') : path;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
