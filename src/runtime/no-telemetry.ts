/**
 * Imported before ONNX Runtime. Since 1.29 its official builds report events to their maker by default, the
 * metadata of opened models among them (microsoft/onnxruntime, pull request 27379), unless this variable is
 * set when the library loads. Photos of people are private: nothing leaves the machine.
 */

process.env['ORT_DISABLE_TELEMETRY'] = '1';
