import type { FileResume } from '../types.ts';
import type { DocumentSink, FilePosition } from './runDocument.ts';

/** Keeps what an earlier import has read from a sink, and notes how far this one reads. */
export interface ResumePoint {
  readonly sink: DocumentSink;
  /** Where the next import of a grown file begins, after so many bytes of the file. */
  next(readBytes: number): FileResume | null;
}

/**
 * The last run before the end of a file may be incomplete, and a line in front of the end may be
 * the time of the next run. So an import resumes at the last run, but does not import it again, nor
 * report again what the earlier import has reported.
 */
export function createResumePoint(sink: DocumentSink, earlier: FileResume | null): ResumePoint {
  let last: FilePosition | null = earlier;
  return {
    sink: {
      onRun(run, place) {
        if (earlier !== null && place.byte <= earlier.byte) return;
        if (last === null || place.byte > last.byte) last = place;
        sink.onRun(run, place);
      },
      onFault(message, place, detail) {
        if (earlier === null || place.byte >= earlier.readBytes)
          sink.onFault(message, place, detail);
      },
      onTimeLine: sink.onTimeLine,
    },
    next(readBytes) {
      if (last === null) return null;
      const { line, byte, context = [] } = last;
      return { line, byte, context, readBytes };
    },
  };
}
