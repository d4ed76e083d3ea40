import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { tarEnd, tarHeader, tarPadding } from '#bundle/images/tar-writer';
import { descriptor, type MadeManifest } from './registry-images.ts';

type Member = Buffer | string | { readonly link: string };

/** A tar archive of these files, in this order. */
export function tarOf(members: Readonly<Record<string, Member>> | readonly (readonly [string, Member])[]): Buffer {
  const entries = Array.isArray(members) ? members : Object.entries(members);
  return Buffer.concat([...entries.flatMap(([path, member]) => memberOf(path, member)), tarEnd]);
}

function memberOf(path: string, member: Member): readonly Buffer[] {
  if (typeof member === 'object' && 'link' in member) return [linkTo(path, member.link)];
  const content = Buffer.from(member as Buffer);
  return [tarHeader(path, content.length), content, tarPadding(content.length)];
}

/** A symbolic link. */
function linkTo(path: string, target: string): Buffer {
  const header = tarHeader(path, 0);
  header.write('2', 156);
  header.write(target, 157);
  header.write('        ', 148);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** The blobs of manifests, by their paths in a layout. */
export function blobFiles(...manifests: readonly MadeManifest[]): Readonly<Record<string, Buffer>> {
  const blobs = manifests.flatMap((one) => [one, one.config, ...one.layers]);
  return Object.fromEntries(blobs.map(({ digest, bytes }) => [blobFile(digest), bytes]));
}

export function blobFile(digest: string): string {
  return `blobs/sha256/${digest.slice('sha256:'.length)}`;
}

/** `index.json` of manifests with these names for containerd. */
export function indexFile(named: Readonly<Record<string, Parameters<typeof descriptor>[0]>>): string {
  const manifests = Object.entries(named).map(([name, one]) => ({
    ...descriptor(one),
    annotations: { 'io.containerd.image.name': name },
  }));
  return JSON.stringify({ schemaVersion: 2, manifests });
}

/** A file with this content, for as long as the test runs. */
export async function fileOf(content: Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'novasphere-archive-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'images.tar'), content);
  return join(folder, 'images.tar');
}
