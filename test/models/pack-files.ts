/** `pack.json` of every kind, as it was written before. */

export const sum = (digit: string): string => digit.repeat(64);

/** As whosin 0.1 wrote it: without a kind. */
const picture = `{
 "schema": 1,
 "name": "colours",
 "licence": "not known to whosin",
 "source": "toy.pb",
 "input": {
  "node": "input",
  "width": 8,
  "height": 8,
  "preparation": { "mean": [127.5, 127.5, 127.5], "scale": 0.00784313725490196 },
  "resize": "bilinear"
 },
 "scores": { "node": "final_result", "labels": ["rot", "grün", "blau"], "logits": true },
 "bottleneck": { "nodes": ["pooled"], "size": 3 },
 "graph": { "format": "tensorflow", "files": [{ "path": "graph.pb", "sha256": "${sum('a')}" }] }
}`;

const embedder = `{
 "schema": 1,
 "kind": "face-embedder",
 "name": "sface",
 "licence": "Apache-2.0",
 "source": "SFace of OpenCV Zoo",
 "reference": "fitted on 400 faces of 200 people in lfw",
 "parts": {
  "family": "sface",
  "input": "data",
  "output": "fc1",
  "size": 128,
  "batch": 1,
  "preparation": { "mean": [0, 0, 0], "scale": [1, 1, 1], "order": "bgr" }
 },
 "graph": { "path": "graph.onnx", "sha256": "${sum('b')}" },
 "background": { "path": "background.onnx", "sha256": "${sum('c')}" }
}`;

const detector = `{
 "schema": 1,
 "kind": "face-detector",
 "name": "yunet",
 "licence": "MIT",
 "source": "face_detection_yunet_2023mar.onnx",
 "parts": { "input": "input", "batch": "n", "canvas": { "width": 640, "height": 640 } },
 "graph": { "path": "graph.onnx", "sha256": "${sum('d')}" }
}`;

export const packFiles = { picture, embedder, detector } as const;
