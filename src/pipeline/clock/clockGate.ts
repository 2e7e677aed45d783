/** Holds back all that a run stores until the clock has been judged. */
export interface ClockGate {
  /**
   * Notes that an archive has answered, or failed; waits for the judgement. Rejects with a
   * `ClockDoubtError`.
   */
  pass(archive: string): Promise<void>;
  /** Resolves with the judgement, or rejects. */
  readonly opened: Promise<void>;
}

/**
 * Creates a gate that calls `judge` once: when `isClear` says that the missing answers cannot
 * matter, at the latest when all archives have answered or failed.
 */
export function createClockGate(
  archives: readonly string[],
  isClear: () => boolean,
  judge: () => void,
): ClockGate {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const missing = new Set(archives);
  let isJudged = false;
  const judgeIfReady = () => {
    if (isJudged || (missing.size > 0 && !isClear())) return;
    isJudged = true;
    try {
      judge();
      resolve();
    } catch (error) {
      reject(error);
    }
  };
  judgeIfReady();
  return {
    pass(archive) {
      missing.delete(archive);
      judgeIfReady();
      return promise;
    },
    opened: promise,
  };
}
