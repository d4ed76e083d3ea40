import type { Code } from '#engine/codes';
import { type Place, remediesOf, type Signature } from './signatures/signature.ts';

/** One thing that is not as it should be, and what it says of others. */
export interface Trouble {
  /** `Pod kube-system/x`, `webhook longhorn-system/longhorn-admission-webhook`. */
  readonly key: string;
  /** How a list names it when something else is to blame: `CoreDNS`, `PVC default/data`. */
  readonly name: string;
  /** Where it lies between the machine and the user: causes have lower ranks than what they lead to. */
  readonly rank: number;
  readonly code: Code;
  /** What it is called when it is the root: `Multus out of memory`. */
  readonly title: string;
  /** One sentence, no full stop. */
  readonly message: string;
  /** Why, outermost first; empty where nobody knows. */
  readonly because: readonly string[];
  readonly evidence: readonly string[];
  readonly remedies: readonly [string, ...string[]];
  /** The object that it is about, as people name it. */
  readonly object: string;
  /** The row of the table of signatures that it fits. */
  readonly signature?: number;
  /** Keys of what is to blame for it, if that is in trouble too. */
  readonly blames: readonly string[];
  /** Works, but not as somebody meant it. */
  readonly advice?: true;
  /** Nobody knows why: there is no more to say of it than what was seen. */
  readonly unexplained?: true;
  /** Still under way: it counts only where something that it waits for is in trouble. */
  readonly underWay?: true;
}

export type About = Pick<Trouble, 'key' | 'name' | 'rank' | 'code' | 'object' | 'message'> & {
  readonly evidence?: readonly string[];
  readonly blames?: readonly string[];
};

/** Something that fits a signature; `quote` is the text by which it was recognised. */
export function known(about: About, fits: Signature, place: Place, quote?: string): Trouble {
  const { evidence = [], blames = [], ...rest } = about;
  return {
    ...rest,
    evidence,
    blames,
    title: fits.title,
    because: quote === undefined ? [fits.cause] : [fits.cause, quote],
    remedies: remediesOf(fits, place),
    ...(fits.id === 0 ? {} : { signature: fits.id }),
  };
}

/** Something whose reason is plain, without being one of the known failures. */
export interface Plain {
  readonly title: string;
  readonly because: readonly string[];
  readonly remedies: readonly [string, ...string[]];
}

export function plain(about: About, { title, because, remedies }: Plain): Trouble {
  const { evidence = [], blames = [], ...rest } = about;
  return { ...rest, evidence, blames, title, because, remedies };
}

const noSignature = 'this is none of the known failures; what follows is all that is seen of it';

/** Something that is not well, and nobody knows why: the evidence has to do. */
export function unknown(about: About, remedies: Plain['remedies'], quote?: string): Trouble {
  const because = quote === undefined ? [noSignature] : [noSignature, quote];
  return { ...plain(about, { title: `${about.name} not well`, because, remedies }), unexplained: true };
}

/** From the machine up: what comes first here lies nearer to the root. */
export const rank = {
  node: 0,
  network: 10,
  dns: 20,
  pod: 30,
  workload: 40,
  service: 50,
  storage: 60,
  claim: 65,
  operator: 70,
  machine: 80,
  user: 90,
} as const;
