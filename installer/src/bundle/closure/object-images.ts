import { loadAll } from 'js-yaml';
import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import type { Asker } from '../proof/proof.ts';
import { argumentImages } from './argument-images.ts';
import { evidentImages, imageReference } from './image-reference.ts';

/** An object that is applied, and where it comes from: `manifests/longhorn/longhorn.yaml`, `phase verify`. */
export interface AskingObject {
  readonly from: string;
  readonly object: KubeObject;
}

export interface Ask {
  readonly reference: string;
  readonly asker: Asker;
}

/** What was asked for, and what looks as if it asked for an image that nobody can make out. */
export interface Asks {
  readonly asks: readonly Ask[];
  readonly findings: readonly string[];
}

const containers = /^(init|ephemeral)?[cC]ontainers$/;

/** Every image that an object names: in fields for images, environment, arguments, and in texts that it carries. */
export function imagesOfObject({ from, object }: AskingObject): Asks {
  const { kind, metadata } = object;
  const name = `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
  const reader = new Reader(name, from, kind === 'CustomResourceDefinition');
  for (const [key, value] of Object.entries(object)) reader.read(value, key, [key]);
  return reader;
}

class Reader implements Asks {
  readonly asks: Ask[] = [];
  readonly findings: string[] = [];
  readonly #name: string;
  readonly #from: string;
  readonly #isDefinition: boolean;

  constructor(name: string, from: string, isDefinition: boolean) {
    this.#name = name;
    this.#from = from;
    this.#isDefinition = isDefinition;
  }

  /** `path` leads to the value, `key` is the name that stands for it. */
  read(value: Json, key: string, path: readonly string[], container?: string): void {
    if (typeof value === 'string') return this.#text(value, key, path, container);
    if (typeof value !== 'object' || value === null) return;
    if (key === 'env' && Array.isArray(value)) return value.forEach((one) => this.#environment(one));
    if ((key === 'args' || key === 'command') && Array.isArray(value)) return this.#arguments(value, container);
    if (isImageKey(key) && typeof value.repository === 'string') return this.#parts(value, path);
    const isList = Array.isArray(value);
    for (const [index, one] of Object.entries<Json>(value)) {
      const inside = isList && containers.test(key) ? containerOf(key, one) : container;
      // An image as a volume: volumes[].image.reference.
      const isReference = isImageKey(key) && index === 'reference';
      this.read(one, isList || isReference ? key : index, [...path, index], inside);
    }
  }

  #text(text: string, key: string, path: readonly string[], container: string | undefined): void {
    // A definition describes fields in prose; only what it fills in by itself can ask for an image.
    if (this.#isDefinition && key !== 'default') return;
    const label = container !== undefined && key === 'image' ? container : `field ${fieldOf(path)}`;
    if (isImageKey(key) || text.startsWith('docker://')) return this.#image(text, { kind: 'image', who: label });
    const documents = isCarried(path) ? documentsIn(text) : [];
    documents.forEach((one) => this.read(one, '', path));
    if (documents.length === 0)
      for (const reference of evidentImages(text)) this.#ask(reference, { kind: 'text', who: label });
  }

  /** An image in parts, as charts have it: registry, repository, tag, digest. */
  #parts({ registry, repository, tag, digest }: Json, path: readonly string[]): void {
    const place = registry ? `${registry}/${repository}` : repository;
    const text = `${place}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
    this.#image(text, { kind: 'image', who: `field ${fieldOf(path)}` });
  }

  #environment({ name, value }: Json): void {
    if (typeof value !== 'string' || typeof name !== 'string') return;
    const asker = { kind: 'environment', who: `environment ${name}` } as const;
    if (name.endsWith('IMAGE')) return this.#image(value, asker);
    for (const reference of evidentImages(value)) this.#ask(reference, asker);
  }

  #arguments(words: readonly Json[], container: string | undefined): void {
    for (const { flag, text, isImage } of argumentImages(words.filter((word) => typeof word === 'string'))) {
      const who = flag === undefined ? `arguments of ${container ?? 'a command'}` : `argument ${flag}`;
      const asker = { kind: 'argument', who } as const;
      if (isImage) this.#image(text, asker);
      else for (const reference of evidentImages(text)) this.#ask(reference, asker);
    }
  }

  /** What stands where an image belongs has to be one. */
  #image(text: string, asker: Pick<Asker, 'kind' | 'who'>): void {
    if (text === '' || /^(?!docker:)[a-z][a-z0-9+.-]*:\/\//.test(text)) return;
    const reference = imageReference(text);
    if (reference !== undefined) return this.#ask(reference, asker);
    this.findings.push(`${this.#name}, ${asker.who} (${this.#from}): “${text}” is no image`);
  }

  #ask(reference: string, { kind, who }: Pick<Asker, 'kind' | 'who'>): void {
    this.asks.push({ reference, asker: { kind, who: `${this.#name}, ${who}`, from: this.#from } });
  }
}

function isImageKey(key: string): boolean {
  return /image$/i.test(key);
}

function containerOf(key: string, container: Json): string {
  const kind = { initContainers: 'init container', ephemeralContainers: 'ephemeral container' }[key] ?? 'container';
  return `${kind} ${container?.name}`;
}

/** What an object only carries for somebody else to read: a ConfigMap's files, annotations. */
function isCarried([first, second]: readonly string[]): boolean {
  return first === 'data' || first === 'stringData' || (first === 'metadata' && second === 'annotations');
}

/** The YAML or JSON documents of a text that are more than a plain text. */
function documentsIn(text: string): readonly Json[] {
  try {
    return loadAll(text).filter((one) => typeof one === 'object' && one !== null);
  } catch {
    return [];
  }
}

function fieldOf(path: readonly string[]): string {
  return path.map((key, index) => (/^\d+$/.test(key) ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`)).join('');
}
