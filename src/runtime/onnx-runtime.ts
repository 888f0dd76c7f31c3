/** ONNX Runtime, with its usage reports switched off before it loads. */

// biome-ignore assist/source/organizeImports: it must run before ONNX Runtime loads
import './no-telemetry.ts';
export { env, InferenceSession, Tensor } from 'onnxruntime-node';
