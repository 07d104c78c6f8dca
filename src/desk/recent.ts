type Limits<Value> = { readonly most: number; readonly size: number; readonly sizeOf: (value: Value) => number };

/** Values that took a while to make, kept while they are asked for. */
export type Recent<Value> = { readonly get: (key: string, make: () => Promise<Value>) => Promise<Value> };

/** Keeps the values asked for last: so many, and no larger together; the very last one is kept whatever its size. */
export function openRecent<Value>({ most, size, sizeOf }: Limits<Value>): Recent<Value> {
  // A map gives its keys in the order in which they came.
  const kept = new Map<string, Promise<Value>>();
  const sizes = new Map<string, number>();

  return {
    get: async (key, make) => {
      const making = kept.get(key) ?? make();
      kept.delete(key);
      kept.set(key, making);
      try {
        const value = await making;
        sizes.set(key, sizeOf(value));
        letGo();
        return value;
      } catch (error) {
        forget(key, making);
        throw error;
      }
    },
  };

  function letGo(): void {
    const keys = [...kept.keys()];
    let [count, total] = [keys.length, keys.reduce((sum, key) => sum + (sizes.get(key) ?? 0), 0)];
    for (const key of keys.slice(0, -1)) {
      if (count <= most && total <= size) return;
      count -= 1;
      total -= sizes.get(key) ?? 0;
      kept.delete(key);
      sizes.delete(key);
    }
  }

  /** What went wrong is made anew the next time; a later try stays. */
  function forget(key: string, making: Promise<Value>): void {
    if (kept.get(key) !== making) return;
    kept.delete(key);
    sizes.delete(key);
  }
}
