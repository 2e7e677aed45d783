import { ExpectedError } from '../../lib/errors.ts';
import { foreignText } from '../../model/run/foreignText.ts';
import { MissingProgram, type Packing, packings } from './decompress.ts';
import { createPieceReader } from './pieceReader.ts';
import { DamagedPack, isTarHeader, readTar, tarBlockBytes } from './tarEntries.ts';

/** A file, or a file within a packed one. */
export interface PlainFile {
  /** The name of a file of an archive follows that of the archive. */
  readonly name: string;
  /** Stands for the name in messages, which show no names from others. */
  readonly label?: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Epoch seconds; null if unknown. */
  readonly modifiedAt: number | null;
  readonly isPacked: boolean;
}

/** Most bytes to unpack from one file. */
const maxUnpackedBytes = 2 ** 30;
/** Most packings within each other: an archive, its compression, and those of its files. */
const maxLayers = 4;

/** Bytes that a file may still unpack to. */
interface Budget {
  bytes: number;
}

/**
 * Unpacks a file by its first bytes: compressed files, UTF-16 and tar archives of them. Any other
 * file is returned as it is. Throws an `ExpectedError` if the file cannot be unpacked.
 */
export function unpackFile(
  file: Omit<PlainFile, 'isPacked'>,
  limitBytes = maxUnpackedBytes,
): AsyncGenerator<PlainFile> {
  return unpackLayer({ ...file, isPacked: false }, maxLayers, { bytes: limitBytes });
}

async function* unpackLayer(
  file: PlainFile,
  layers: number,
  budget: Budget,
): AsyncGenerator<PlainFile> {
  const { name, label = name } = file;
  const reader = createPieceReader(file.chunks);
  const head = await reader.peek(tarBlockBytes);
  const chunks = reader.take(Number.POSITIVE_INFINITY);
  const packing = packings.find(({ magic }) => magic.every((byte, index) => head[index] === byte));
  const isTar = isTarHeader(head);
  if (packing === undefined && !isTar) {
    yield { ...file, chunks };
    return;
  }
  const packed = packing?.name ?? 'tar';
  if (layers === 0) throw failure(file, `it is packed more than ${maxLayers} times`, unpackRemedy);
  if (packing === undefined) {
    for await (const entry of expected(readTar(chunks), packed, file)) {
      const inner = { ...entry, name: `${name}/${entry.name}`, label, isPacked: true };
      yield* unpackLayer(inner, layers - 1, budget);
    }
    return;
  }
  const inner = expected(limited(unpack(packing, chunks, file), file, budget), packed, file);
  yield* unpackLayer({ ...file, chunks: inner, isPacked: true }, layers - 1, budget);
}

function unpack({ name, unpack }: Packing, chunks: AsyncIterable<Uint8Array>, file: FileName) {
  if (unpack === null) throw failure(file, `it is packed with ${name}`, unpackRemedy);
  return unpack(chunks);
}

async function* limited(chunks: AsyncIterable<Uint8Array>, file: FileName, budget: Budget) {
  for await (const chunk of chunks) {
    budget.bytes -= chunk.length;
    if (budget.bytes < 0) {
      throw failure(file, `it unpacks to more than ${maxUnpackedBytes} bytes`, unpackRemedy);
    }
    yield chunk;
  }
}

/** Turns damage and missing programs into expected errors about the file. */
async function* expected<Item>(items: AsyncIterable<Item>, packed: string, file: FileName) {
  try {
    yield* items;
  } catch (error) {
    if (error instanceof DamagedPack) {
      throw failure(file, `it is damaged or incomplete (${packed})`, 'Copy the file again.');
    }
    if (error instanceof MissingProgram) {
      const remedy = `Install ${packed}, or unpack the file first.`;
      throw failure(file, `it is packed with ${packed}, which is not installed`, remedy);
    }
    throw error;
  }
}

const unpackRemedy = 'Unpack the file first, and import the files in it.';

type FileName = Pick<PlainFile, 'name' | 'label'>;

function failure({ name, label: subject = name }: FileName, fault: string, remedy: string) {
  return new ExpectedError({
    kind: 'invalid-response',
    subject,
    message: `cannot read the file ${subject}: ${fault}`,
    remedy,
    detail: subject === name ? null : foreignText(name),
  });
}
