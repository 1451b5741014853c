export { type ExportOnnxOptions, exportOnnx } from './onnx/export-onnx.ts';
export { type ImportOnnxOptions, importOnnx } from './onnx/import-onnx.ts';
