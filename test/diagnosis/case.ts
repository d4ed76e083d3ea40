import type { Scene } from './scene.ts';

/** A failure as the API shows it. The explanation that it must get is the file of its name in test/golden/explain. */
export interface Case {
  /** Its numbers in the list of known failures; none for what is not in it. */
  readonly ids: readonly number[];
  readonly name: string;
  build(scene: Scene): Promise<void>;
}
