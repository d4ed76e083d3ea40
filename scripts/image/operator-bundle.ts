import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { thirdParty } from './third-party.ts';

const root = join(import.meta.dirname, '../..');

export interface OperatorBundle {
  /** What lies in one folder, sorted by name; `main.js` is the program. */
  readonly files: readonly { readonly name: string; readonly bytes: Buffer }[];
  /** What went into which of them, by paths from the root of the repository. */
  readonly metafile: Metafile;
}

/**
 * The operator without types and without a line that it never loads, split where it loads late. Equal sources give
 * equal bytes, wherever they lie. Names and lines are kept: a stack can be read without its source map, which Node would
 * need eighteen megabytes for (`NODE_OPTIONS=--enable-source-maps` for who wants it).
 */
export async function bundleOperator(): Promise<OperatorBundle> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['operator/src/main.ts'],
    // Nothing is written there: paths in comments and maps must not tell where the bundle is going to lie.
    outdir: join(root, 'app'),
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    keepNames: true,
    legalComments: 'linked',
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
    // Packages in the old form call it.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    plugins: [versionAlone],
  });
  const built = outputFiles.map(({ path, contents }) => ({ name: basename(path), bytes: Buffer.from(contents) }));
  const files = [...built, ...about(), { name: 'THIRD-PARTY.txt', bytes: thirdParty(root, metafile) }];
  return { files: files.toSorted((a, b) => (a.name < b.name ? -1 : 1)), metafile };
}

/** Of package.json the program prints the version; the rest is nothing that an image should hold. */
const versionAlone: Plugin = {
  name: 'version-alone',
  setup({ onLoad }) {
    onLoad({ filter: /\/package\.json$/ }, ({ path }) => {
      if (path !== join(root, 'package.json')) return undefined;
      const { version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

function about(): OperatorBundle['files'] {
  const { version, license, type } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const described = JSON.stringify({ name: 'wukong-operator', version, license, type }, undefined, 2);
  return [
    { name: 'package.json', bytes: Buffer.from(`${described}\n`) },
    { name: 'LICENSE', bytes: readFileSync(join(root, 'LICENSE')) },
  ];
}
