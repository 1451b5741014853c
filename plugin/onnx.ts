/**
 * Policies as ONNX files: to and from Unity’s ML-Agents, and from other trainers.
 *
 * @module
 */

export type { GridShape, GridShapes, ObservationInputs } from './onnx/description.ts';
export { type ExportOnnxOptions, exportOnnx } from './onnx/export-onnx.ts';
export { type ImportOnnxOptions, importOnnx } from './onnx/import-onnx.ts';
