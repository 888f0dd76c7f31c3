/** Labels that exporters write into ONNX files: in the metadata, or in the node that makes a table of the scores. */

import type { ModelProto, NodeProto } from './onnx_pb.ts';

/** As YOLO, Custom Vision, transformers and people's own scripts call them. */
const keys = ['names', 'classes', 'labels', 'class_names', 'id2label', 'classlabels'];

/** Nothing if there are none. */
export function onnxLabels({ graph, metadataProps }: ModelProto): readonly string[] | undefined {
  const zipMap = graph?.node.find(isZipMap);
  if (zipMap) return zipMapLabels(zipMap);
  for (const wanted of keys) {
    const entry = metadataProps.find(({ key }) => key.toLowerCase().endsWith(wanted));
    const labels = entry && labelsIn(entry.value);
    if (labels) return labels;
  }
  return undefined;
}

/** Of ONNX-ML: a table of scores by label, which no runtime without maps can give. */
export function isZipMap({ opType }: NodeProto): boolean {
  return opType === 'ZipMap';
}

function zipMapLabels({ attribute }: NodeProto): readonly string[] | undefined {
  const of = (name: string) => attribute.find((each) => each.name === name);
  const texts = of('classlabels_strings')?.strings.map((text) => new TextDecoder().decode(text)) ?? [];
  const numbers = of('classlabels_int64s')?.ints.map(String) ?? [];
  const labels = texts.length > 0 ? texts : numbers;
  return labels.length > 0 ? labels : undefined;
}

/** JSON, a table of Python's ("{0: 'cat', 1: 'dog'}"), or names between commas or lines. */
function labelsIn(text: string): readonly string[] | undefined {
  const content = text.trim();
  if (content.startsWith('[') || content.startsWith('{')) {
    return ofJson(content) ?? ofPython(content);
  }
  const names = content.split(content.includes('\n') ? /\r?\n/ : ',').map((name) => name.trim());
  return names.length > 1 && names.every((name) => name !== '') ? names : undefined;
}

function ofJson(text: string): readonly string[] | undefined {
  try {
    const value = JSON.parse(text) as Readonly<Record<string, unknown>> | readonly unknown[];
    if (Array.isArray(value)) return allTexts(value);
    return inOrder(Object.entries(value).map(([key, name]) => [Number(key), name]));
  } catch {
    return undefined;
  }
}

function ofPython(text: string): readonly string[] | undefined {
  const string = String.raw`'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"`;
  const name = (quoted: string): string => quoted.slice(1, -1).replaceAll(/\\(.)/g, '$1');
  if (text.startsWith('['))
    return allTexts([...text.matchAll(new RegExp(string, 'g'))].map(([each]) => name(each)));
  const pairs = [...text.matchAll(new RegExp(`(\\d+)\\s*:\\s*(${string})`, 'g'))];
  return inOrder(pairs.map(([, key, value]) => [Number(key), name(value!)]));
}

function inOrder(pairs: readonly (readonly [number, unknown])[]): readonly string[] | undefined {
  const sorted = pairs.toSorted(([a], [b]) => a - b);
  return sorted.every(([key], i) => key === i) ? allTexts(sorted.map(([, name]) => name)) : undefined;
}

function allTexts(values: readonly unknown[]): readonly string[] | undefined {
  return values.length > 0 && values.every((value) => typeof value === 'string') ? values : undefined;
}
