import { describe, expect, it } from 'vitest';
import { findDesk } from '../../src/jobs/open-backend.ts';
import { withEmptyDatabase } from '../support/database.ts';

describe('findDesk', () => {
  const one = withEmptyDatabase();
  const other = withEmptyDatabase();

  it('names a database the same by whatever name its host goes, and no two alike', async () => {
    const desk = await findDesk(one.databaseUrl);

    expect(desk).toMatch(/^[\d-]+$/);
    expect(await findDesk(one.databaseUrl.replace('127.0.0.1', 'localhost'))).toBe(desk);
    expect(await findDesk(other.databaseUrl)).not.toBe(desk);
  });
});
