import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Machine } from '../../bench.ts';
import type { Stage } from '../double.ts';

/** A container's process on a machine, as the program in it sees the world. */
export interface Process {
  readonly stage: Stage;
  readonly machine: Machine;
  /** k3s's data directory on that machine. */
  readonly dataDir: string;
  readonly pod: KubeObject;
  readonly container: Json;
  /** How often this container was started before. */
  readonly restarts: number;
  /** Aborts when the container is stopped. */
  readonly signal: AbortSignal;
  /** So many simulated seconds, give or take a tenth; rejects when the container is stopped. */
  sleep(seconds: number): Promise<void>;
  /** Writes a line to the container's log. */
  say(line: string): void;
}

/** What became of a start: it serves until stopped, or it ended with an exit code; a reason where it was killed. */
export type Outcome = 'serving' | { readonly exitCode: number; readonly reason?: 'OOMKilled' };

/** What the simulation knows of a program that runs in a container. The first program that fits is taken. */
export interface Program {
  readonly name: string;
  fits(container: Json, pod: KubeObject): boolean;
  /** Does what the program does until it serves or ends. A rejection is a mistake in the program's double. */
  run(process: Process): Promise<Outcome>;
  /** What it does when it is told to end. */
  stop?(process: Process): Promise<void>;
}

/** The whole command line of a container, as `ps` would show it. */
export function commandLine(container: Json): string {
  return [...(container.command ?? []), ...(container.args ?? [])].join(' ');
}

/** The value of `--name=value` or `--name value` on a container's command line. */
export function flag(container: Json, name: string): string | undefined {
  const words: string[] = [...(container.command ?? []), ...(container.args ?? [])];
  const at = words.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  const word = words[at];
  if (word === undefined) return undefined;
  return word.includes('=') ? word.slice(word.indexOf('=') + 1) : words[at + 1];
}

/** The value of an environment variable written into the container. */
export function environment(container: Json, name: string): string | undefined {
  return (container.env ?? []).find((one: Json) => one.name === name)?.value;
}

/** Where on the machine a hostPath volume of the pod lies. */
export function hostPath(pod: KubeObject, volume: string): string | undefined {
  return (pod['spec'].volumes ?? []).find((one: Json) => one.name === volume)?.hostPath?.path;
}
