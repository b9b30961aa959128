/**
 * How long a batch may take. The writer gives up before its waiters do, so that as a rule they hear a definite answer:
 * what was given up is not in the journal. Only a COMMIT that itself hangs for longer than the margin is answered late.
 */

/** A batch that is not about to commit after so long is rolled back by the writer. */
export const WRITER_GIVES_UP_MS = 1_800
/** Without any answer from the writer for so long, the batch counts as failed. */
export const WAITERS_GIVE_UP_MS = 2_000

/** Milliseconds on the one clock that all threads of this process share and that nobody sets. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6
