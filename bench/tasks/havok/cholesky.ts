/**
 * Solves A x = b in place for a symmetric positive definite A = LLᵀ (Cholesky).
 *
 * @param matrix [n, n] the diagonal of A and what is below; becomes L
 * @param vector [n] b; becomes x
 */
export function solveCholesky(matrix: Float64Array, vector: Float64Array): void {
  const n = vector.length;
  for (let k = 0; k < n; k++) {
    let value = vector[k];
    for (let l = 0; l < k; l++) {
      let entry = matrix[k * n + l];
      for (let m = 0; m < l; m++) entry -= matrix[k * n + m] * matrix[l * n + m];
      matrix[k * n + l] = entry / matrix[l * n + l];
      value -= matrix[k * n + l] * vector[l];
    }
    let square = matrix[k * n + k];
    for (let m = 0; m < k; m++) square -= matrix[k * n + m] ** 2;
    matrix[k * n + k] = Math.sqrt(square);
    vector[k] = value / matrix[k * n + k];
  }
  for (let k = n - 1; k >= 0; k--) {
    let value = vector[k];
    for (let m = k + 1; m < n; m++) value -= matrix[m * n + k] * vector[m];
    vector[k] = value / matrix[k * n + k];
  }
}
