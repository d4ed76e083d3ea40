import { z } from 'zod';
import { componentNames } from './catalog.ts';

/** No path of a bundle leaves it: relative, without `.` and `..`, of letters that every file system can hold. */
export const bundlePath = z.string().regex(/^(?!.*(^|\/)\.{1,2}(\/|$))[A-Za-z0-9._+-]+(\/[A-Za-z0-9._+-]+)*$/, {
  error: 'a relative path without .. in it, such as manifests/longhorn/longhorn.yaml',
});

const sha256 = z.union([z.literal('unresolved'), z.string().regex(/^[0-9a-f]{64}$/)], {
  error: '64 hexadecimal digits, or unresolved',
});
const url = z.string().regex(/^(https:\/\/|checkout:|images:)\S+$/, {
  error: 'an https address, checkout:<path> or images:<component>',
});
const reference = z.string().regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+:[A-Za-z0-9._-]+$/, {
  error: 'an image with registry and tag, such as quay.io/kubevirt/virt-operator:v1.8.4',
});
const mutable = /:(latest|stable|snapshot|snapshot-thick|main|master)$/;

/** What `manifests/<component>/component.yaml` may say. */
export const ComponentFile = z.strictObject({
  name: z.enum(componentNames),
  version: z.string().regex(/^v?\d+\.\d+\.\d+([-+][A-Za-z0-9.+-]+)?$/, { error: 'a version such as v1.12.1' }),
  licence: z.string().min(1),
  assets: z.array(
    z.strictObject({ path: bundlePath, url, sha256, architecture: z.enum(['amd64', 'arm64']).exactOptional() }),
  ),
  images: z.array(
    z.strictObject({
      reference: reference.refine((text) => !mutable.test(text), { error: 'a fixed tag: this one moves' }),
      digest: z
        .string()
        .regex(/^sha256:[0-9a-f]{64}$/)
        .exactOptional(),
      reason: z.string().min(1).exactOptional(),
    }),
  ),
});
