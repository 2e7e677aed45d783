/** Thrown for a line of an export that is of no use; the message says why. */
export class InvalidRecordError extends Error {}
