import { Fault } from '#engine/fault';
import { quote } from '#engine/quote';

/** A registry has something that is no image, or none that a bundle can bring. */
export function oddImage(reference: string, why: string): Fault {
  return new Fault({
    code: 'FETCH-FAILED',
    message: `${reference} is no image that a bundle can hold`,
    cause: why,
    where: [`image ${reference}`],
    remedy: [
      `skopeo inspect --raw docker://${reference}          what there is`,
      `novasphere bundle resolve --renew ${reference}          pins what the tag names now`,
    ],
  });
}

/** A file of the store has changed since it was fetched. */
export function damagedBlob(reference: string, path: string): Fault {
  return new Fault({
    code: 'FETCH-CHANGED',
    message: `the store holds other bytes than were fetched for ${reference}`,
    cause: 'somebody or something has changed a file of it: often a disk that fails',
    where: [`image ${reference}`, `file ${path}`],
    remedy: [`rm ${quote([path])}`, 'novasphere bundle fetch DIR          fetches it again, and nothing else'],
  });
}

/** An archive is asked for before everything is there. */
export function unfetchedImage(reference: string): Fault {
  return new Fault({
    code: 'FETCH-FAILED',
    message: `${reference} is not whole in the store`,
    where: [`image ${reference}`],
    remedy: ['novasphere bundle fetch DIR          fetches what is missing'],
  });
}
