import { type Certificate, certificateOf } from './certificate.ts';
import type { RunStory } from './run-story.ts';

/** A run for scripts: the story with its certificate. Version of the shape: 1. */
export interface JsonReport {
  readonly version: 1;
  readonly story: RunStory;
  readonly certificate: Certificate | null;
}

export function jsonReport(story: RunStory): JsonReport {
  return { version: 1, story, certificate: certificateOf(story) ?? null };
}
