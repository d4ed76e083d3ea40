import { z } from 'zod';
import { architectures } from './catalog.ts';
import { bundlePath, reference } from './component-schema.ts';

/** The word for what nobody has looked up yet. */
export const unresolved = 'unresolved';

const orUnresolved = <Schema extends z.ZodType>(schema: Schema, error: string) =>
  z.union([z.literal(unresolved), schema], { error: `${error}, or ${unresolved}` });

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, { error: '64 hexadecimal digits' });
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, { error: 'sha256: and 64 hexadecimal digits' });
const size = z.int({ error: 'a number of bytes' }).min(0);
const text = z.string().min(1);
const url = z.string().regex(/^(https?:\/\/|checkout:)\S+$/, { error: 'an address, or checkout:<path>' });
const architecture = z.enum(architectures);

const Asset = z.strictObject({
  path: bundlePath,
  component: text,
  version: text,
  licence: text,
  url,
  architecture: architecture.exactOptional(),
  sha256: orUnresolved(sha256, '64 hexadecimal digits'),
  size: orUnresolved(size, 'a number of bytes'),
  trust: z.enum(['published', 'first-use']).exactOptional(),
});

const Manifest = z.strictObject({ digest, size });

const Image = z.strictObject({
  reference,
  component: text,
  licence: text,
  digest: orUnresolved(digest, 'sha256: and 64 hexadecimal digits'),
  platforms: z.strictObject({ amd64: Manifest.exactOptional(), arm64: Manifest.exactOptional() }).exactOptional(),
});

const Deb = z.strictObject({ package: text, version: text, url, sha256, size });

const Packages = z.strictObject({
  series: z.string().regex(/^[a-z]+$/, { error: 'the codename of an Ubuntu release, such as noble' }),
  architecture,
  debs: orUnresolved(z.array(Deb), 'a list of packages'),
});

/** What `manifests/catalog.lock.yaml` may say. */
export const LockFile = z.strictObject({
  version: z.literal(1),
  assets: z.array(Asset),
  images: z.array(Image),
  packages: z.array(Packages),
});
export type LockFile = z.infer<typeof LockFile>;
