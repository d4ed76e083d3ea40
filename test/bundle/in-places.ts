import { runProgram } from '#adapters/local-program';
import type { RunProgram } from '#ports/program';

/** Mounts directories over others, in a namespace that ends with the program, and then becomes the program. */
const script = 'while [ "$1" != -- ]; do mount --bind "$1" "$2" || exit 99; shift 2; done; shift; exec "$@"';

/** Runs programs with directories of a test in the place of the machine's own; on wish without any network. */
export function inPlaces(
  places: Readonly<Record<string, string>>,
  options: { readonly offline?: true } = {},
): RunProgram {
  const user = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const net = options.offline === undefined ? [] : ['--net'];
  const mounts = Object.entries(places).flatMap(([place, directory]) => [directory, place]);
  return (command, more) =>
    runProgram(['unshare', '--mount', ...user, ...net, 'sh', '-c', script, 'sh', ...mounts, '--', ...command], more);
}
