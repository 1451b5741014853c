import { describe, expect, it } from 'vitest';
import { solveCholesky } from '../../../../bench/tasks/havok/cholesky.ts';

describe('solveCholesky', () => {
  it('solves three equations, and reads nothing above the diagonal', () => {
    const unread = Number.NaN;
    // 4x + 2y = 8, 2x + 5y + z = 15, y + 3z = 11 for (1, 2, 3)
    const matrix = Float64Array.of(4, unread, unread, 2, 5, unread, 0, 1, 3);
    const vector = Float64Array.of(8, 15, 11);
    solveCholesky(matrix, vector);
    vector.forEach((value, i) => {
      expect(value).toBeCloseTo(i + 1, 12);
    });
  });
});
