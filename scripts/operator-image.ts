import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type ImageMade, makeOperatorImage, type Wanted } from './image/operator-image.ts';
import { Refusal } from './image/refusal.ts';

const usage = `usage: scripts/operator-image OUT [--architecture amd64|arm64]... [--node FILE]... [--libraries FOLDER]

Makes the image of the operator in the folder OUT, which is empty or not there yet: an OCI image layout, for amd64
unless another architecture is named. Equal files give an equal image.

--node FILE         bin/node of an unpacked release of Node.js, one for each architecture;
                    default: the package that this repository pins, which is there for the machine's own architecture
--libraries FOLDER  the .deb files of libc6, libgcc-s1, libstdc++6 and gcc-12-base (or another version of that);
                    default: what the package sources of this machine have now`;

/** Undefined: the words make no sense. */
function asked(): { readonly out: string; readonly wanted: Wanted } | undefined {
  const many = { type: 'string', multiple: true } as const;
  const options = { architecture: many, node: many, libraries: { type: 'string' } } as const;
  try {
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    const { architecture = ['amd64'], node: nodes, libraries } = values;
    const architectures = (['amd64', 'arm64'] as const).filter((one) => architecture.includes(one));
    const [out] = positionals;
    if (out === undefined || positionals.length > 1 || architectures.length !== architecture.length) return undefined;
    const places = { ...(nodes && { nodes }), ...(libraries === undefined ? {} : { libraries }) };
    return { out: resolve(out), wanted: { architectures, ...places } };
  } catch {
    return undefined;
  }
}

function tell(out: string, { reference, digest, images }: ImageMade): void {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`.padStart(8);
  for (const { architecture, layers } of images)
    for (const { title, layer } of layers) {
      const sizes = `${megabytes(layer.blob.bytes.length)}, unpacked ${megabytes(layer.unpacked)}`;
      console.log(`${architecture}  ${title.padEnd(20)} ${sizes}`);
    }
  console.log(`${reference}@${digest}`);
  console.log(`to push it:  skopeo copy --all oci:${out} docker://${reference}`);
}

const words = asked();
if (words === undefined) {
  console.error(usage);
  process.exit(2);
}
try {
  tell(words.out, await makeOperatorImage(words.out, words.wanted));
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(`operator-image: ${error.message}`);
  process.exit(1);
}
