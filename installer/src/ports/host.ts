import type { Question } from './question.ts';

/** What a command answered. Output is text, already without its final newline. */
export interface Answer {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What is known of a path. `mode` holds the permission bits only, `size` is in bytes. */
export interface PathFacts {
  readonly kind: 'file' | 'directory' | 'device' | 'link' | 'other';
  readonly mode: number;
  readonly size: number;
}

/** What may be learnt from a machine. Nothing here can change it: `ask` takes read-only commands alone. */
export interface HostSight {
  /** The node's name in the profile. */
  readonly name: string;
  /** This run has no hands on the machine: every look is a Fault HOST-OUT-OF-REACH. Steps of the cluster ask first. */
  readonly outOfReach?: true;
  /** The text of a file; undefined when there is none. */
  read(path: string): Promise<string | undefined>;
  /** The names in a directory, sorted; empty when there is none. */
  list(path: string): Promise<readonly string[]>;
  /** Follows no link at the end; undefined when there is nothing. */
  look(path: string): Promise<PathFacts | undefined>;
  /** SHA-256 of a file's content in hex; undefined when there is none. */
  digest(path: string): Promise<string | undefined>;
  /** Runs a read-only command; a non-zero exit is an answer, a program that is not there answers with 127. */
  ask(question: Question): Promise<Answer>;
}

/** Options of a command that changes something. Secrets go by `input`, never as arguments. */
export interface RunOptions {
  readonly input?: string;
  /** Milliseconds after which the command and all its children are ended. Default: 10 minutes. */
  readonly timeout?: number;
}

/** What may be done to a machine. Only `apply` and `undo` are ever handed one. */
export interface Host extends HostSight {
  /** Replaces a file atomically and durably (temporary file, fsync, rename); parents are made. Mode defaults to 0o644. */
  write(path: string, content: string, mode?: number): Promise<void>;
  /** Places a file of this machine (one of the bundle) at `path`, atomically and durably. */
  place(source: string, path: string, mode?: number): Promise<void>;
  /** Removes a file or link; nothing there is not an error. */
  remove(path: string): Promise<void>;
  /** Runs a command; a non-zero exit is a Fault HOST-COMMAND with the last lines of what it said. */
  run(command: readonly [string, ...string[]], options?: RunOptions): Promise<string>;
  /** Restarts the machine. On a real one it does not return; it throws `Rebooting` so that the run ends here. */
  reboot(): Promise<never>;
}

/** Thrown by `Host.reboot`: the machine goes down now and the run goes on by itself after it. */
export class Rebooting extends Error {
  override readonly name = 'Rebooting';
}

/** The name beside a file under which its replacement is written; a power cut may leave it, and `remove` takes it away. */
export function replacementOf(path: string): string {
  const at = path.lastIndexOf('/') + 1;
  return `${path.slice(0, at)}.${path.slice(at)}.novasphere-new`;
}
