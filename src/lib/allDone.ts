/**
 * The results of work that runs at the same time. Other than `Promise.all`, waits for all of it
 * also when some fails, and then throws the first error.
 */
export async function allDone<Value>(work: Iterable<Promise<Value>>): Promise<Value[]> {
  const all = [...work];
  try {
    return await Promise.all(all);
  } finally {
    for (const each of all) await each.catch(() => {});
  }
}
