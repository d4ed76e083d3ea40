import { definedVersions, wantedVersions } from './elf-versions.ts';
import { Refusal } from './refusal.ts';

/** What a program or shared library for Linux says about itself, by the ELF format and its GNU additions. */
export interface Elf {
  readonly architecture: 'amd64' | 'arm64';
  /** The loader that the kernel starts it with: `/lib64/ld-linux-x86-64.so.2`; of programs alone. */
  readonly interpreter?: string;
  /** The shared libraries that it cannot start without: `libc.so.6`. */
  readonly needed: readonly string[];
  /** Versions of symbols that it uses, by the library that has to have them: `libc.so.6` → `GLIBC_2.28`. */
  readonly wants: ReadonlyMap<string, readonly string[]>;
  /** Versions of symbols that it has. */
  readonly defines: readonly string[];
}

export interface Segment {
  readonly type: number;
  /** Where it lies in the file, and where in memory. */
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/** The dynamic section, with all that it points to. */
export interface Dynamic {
  readonly bytes: Buffer;
  values(tag: number): readonly number[];
  /** The place in the file of an address in memory. */
  place(address: number): number;
  string(offset: number): string;
}

const machines: Readonly<Record<number, Elf['architecture']>> = { 62: 'amd64', 183: 'arm64' };
const [load, dynamicSection, interpreterName] = [1, 2, 3];
const [needed, stringTable] = [1, 5];

/** `path` is what is named when the file is refused. */
export function readElf(bytes: Buffer, path: string): Elf {
  const architecture = isElf64(bytes) ? machines[bytes.readUInt16LE(18)] : undefined;
  if (architecture === undefined) throw new Refusal(`${path} is not a program for Linux on amd64 or arm64`);
  const segments = segmentsOf(bytes);
  const interpreter = segments.find(({ type }) => type === interpreterName);
  const dynamic = dynamicOf(bytes, segments);
  if (dynamic === undefined) throw new Refusal(`${path} names no shared libraries: it is linked statically`);
  return {
    architecture,
    ...(interpreter === undefined ? {} : { interpreter: stringAt(bytes, interpreter.offset) }),
    needed: dynamic.values(needed).map((offset) => dynamic.string(offset)),
    wants: wantedVersions(dynamic),
    defines: definedVersions(dynamic),
  };
}

/** 64 bits, little-endian, as both architectures have it. */
function isElf64(bytes: Buffer): boolean {
  return bytes.length > 64 && bytes.toString('latin1', 0, 6) === '\x7fELF\x02\x01';
}

function segmentsOf(bytes: Buffer): readonly Segment[] {
  const [start, size, count] = [number(bytes, 32), bytes.readUInt16LE(54), bytes.readUInt16LE(56)];
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    return {
      type: bytes.readUInt32LE(at),
      offset: number(bytes, at + 8),
      address: number(bytes, at + 16),
      size: number(bytes, at + 32),
    };
  });
}

function dynamicOf(bytes: Buffer, segments: readonly Segment[]): Dynamic | undefined {
  const section = segments.find(({ type }) => type === dynamicSection);
  if (section === undefined) return undefined;
  const entries: { readonly tag: number; readonly value: number }[] = [];
  for (let at = section.offset; at < section.offset + section.size; at += 16)
    entries.push({ tag: number(bytes, at), value: number(bytes, at + 8) });
  const values = (tag: number) => entries.filter((one) => one.tag === tag).map(({ value }) => value);
  const place = (address: number) => {
    const holder = segments.find(
      (one) => one.type === load && address - one.address < one.size && address >= one.address,
    );
    return address - (holder?.address ?? 0) + (holder?.offset ?? 0);
  };
  const strings = place(values(stringTable)[0] ?? 0);
  return { bytes, values, place, string: (offset) => stringAt(bytes, strings + offset) };
}

function stringAt(bytes: Buffer, at: number): string {
  return bytes.toString('utf8', at, bytes.indexOf(0, at));
}

/** Addresses and sizes stay far below 2⁵³ in files that exist. */
function number(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}
