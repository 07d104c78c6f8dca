import { describe, expect, it } from 'vitest';
import { createReadiness } from '../../src/ops/readiness.ts';

describe('createReadiness', () => {
  it('is starting until every part is there', async () => {
    const readiness = createReadiness(['database', 'queue']);
    readiness.watch('database', () => true);

    expect(await readiness.read()).toEqual({ state: 'starting', parts: { database: 'ready', queue: 'starting' } });

    readiness.watch('queue', async () => true);
    expect(await readiness.read()).toEqual({ state: 'ready', parts: { database: 'ready', queue: 'ready' } });
  });

  it.each([
    ['says no', () => false],
    ['throws', () => expect.fail('away')],
    ['rejects', () => Promise.reject(new Error('away'))],
    ['does not answer in time', () => new Promise<boolean>(() => {})],
  ])('is not ready when a part %s', async (_how, check) => {
    const readiness = createReadiness(['database', 'discord']);
    readiness.watch('database', () => true);
    readiness.watch('discord', check);

    expect(await readiness.read()).toEqual({ state: 'not ready', parts: { database: 'ready', discord: 'not ready' } });
  });

  it('is ready again when its parts are', async () => {
    let isUp = false;
    const readiness = createReadiness(['database']);
    readiness.watch('database', () => isUp);
    await readiness.read();

    isUp = true;

    expect((await readiness.read()).state).toBe('ready');
  });

  it('asks a part that is slow once, however many want to know', async () => {
    let asked = 0;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const readiness = createReadiness(['database']);
    readiness.watch('database', () => {
      asked += 1;
      return promise;
    });

    const reads = [readiness.read(), readiness.read(), readiness.read()];
    resolve(true);

    expect((await Promise.all(reads)).map(({ state }) => state)).toEqual(['ready', 'ready', 'ready']);
    expect(asked).toBe(1);
  });

  it('stops being ready at once when it drains, without asking anybody', async () => {
    const readiness = createReadiness(['database']);
    readiness.watch('database', () => new Promise(() => {}));

    readiness.drain();

    expect(await readiness.read()).toEqual({ state: 'stopping', parts: {} });
  });
});
