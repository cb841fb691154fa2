import type { ByteSource } from '../byte-source.ts';
import { elementType } from './element-types.ts';
import { NumberList, readFloat, readInt, readMessage, readText } from './field-values.ts';
import type { OnnxAttribute, OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './onnx-model.ts';
import { ParseContext } from './parse-context.ts';
import { parseTensor } from './parse-tensor.ts';
import { type FailFile, type WireField, WireReader } from './wire-reader.ts';

/** Longest list of an attribute that is kept; longer ones, such as the leaves of a forest, are left out. */
const MOST_LIST = 4096;
/** What an object of several maps and lists costs beside a name. */
const NODE_COST = 5;

/** The two names of the standard domain. */
const standardDomain = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);

/**
 * Read what an ONNX file says of its model; weights are skipped.
 *
 * @param fail - throws; its sentence starts with the file
 */
export function parseModel(source: ByteSource, fail: FailFile): OnnxModel {
  const reader = new WireReader(source, fail);
  const context = new ParseContext();
  const opsets: Record<string, number> = {};
  const functions: OnnxFunction[] = [];
  let irVersion = 0;
  let producer = '';
  let producerVersion = '';
  let graph: OnnxGraph | undefined;
  reader.message(source.size, (field) => {
    switch (field.number) {
      case 1:
        irVersion = readInt(reader, field);
        return;
      case 2:
        producer = readText(reader, field);
        return;
      case 3:
        producerVersion = readText(reader, field);
        return;
      case 7:
        graph = parseGraph(reader, field, context);
        return;
      case 8: {
        context.spend(reader);
        const [domain, version] = parseOpset(reader, field);
        opsets[standardDomain(domain)] = version;
        return;
      }
      case 25:
        functions.push(parseFunction(reader, field, context));
        return;
    }
  });
  if (graph === undefined) fail('is not an ONNX model: it has no graph');
  return {
    irVersion,
    producer: [producer, producerVersion].filter((part) => part !== '').join(' '),
    opsets,
    graph: graph as OnnxGraph,
    functions,
    weightBytes: context.weightBytes,
    externalFiles: [...context.externalFiles],
  };
}

function parseOpset(reader: WireReader, field: WireField): readonly [domain: string, version: number] {
  let domain = '';
  let version = 0;
  readMessage(reader, field, (inner) => {
    if (inner.number === 1) domain = readText(reader, inner);
    if (inner.number === 2) version = readInt(reader, inner);
  });
  return [domain, version];
}

function parseGraph(reader: WireReader, field: WireField, context: ParseContext): OnnxGraph {
  const nodes: OnnxNode[] = [];
  const initializers: OnnxTensor[] = [];
  const values: Record<'inputs' | 'outputs' | 'valueInfos', OnnxValue[]> = { inputs: [], outputs: [], valueInfos: [] };
  let name = '';
  readMessage(reader, field, (inner) => {
    switch (inner.number) {
      case 1:
        nodes.push(parseNode(reader, inner, context));
        return;
      case 2:
        name = readText(reader, inner);
        return;
      case 5:
        initializers.push(parseTensor(reader, inner, context));
        return;
      case 11:
        values.inputs.push(parseValue(reader, inner, context));
        return;
      case 12:
        values.outputs.push(parseValue(reader, inner, context));
        return;
      case 13:
        values.valueInfos.push(parseValue(reader, inner, context));
        return;
      case 15:
        initializers.push(parseSparseTensor(reader, inner, context));
        return;
    }
  });
  return { name, nodes, initializers, ...values };
}

/** A `SparseTensorProto`, whose name is that of its values. */
function parseSparseTensor(reader: WireReader, field: WireField, context: ParseContext): OnnxTensor {
  const dims = new NumberList('integer', 64);
  let values: OnnxTensor | undefined;
  readMessage(reader, field, (inner) => {
    if (inner.number === 1) values = parseTensor(reader, inner, context);
    if (inner.number === 2) parseTensor(reader, inner, context);
    if (inner.number === 3) dims.add(reader, inner);
  });
  return { name: values?.name ?? '', shape: dims.read ?? [], dtype: values?.dtype ?? 'other' };
}

function parseNode(reader: WireReader, field: WireField, context: ParseContext): OnnxNode {
  context.spend(reader, NODE_COST);
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  let [name, operator, domain] = ['', '', ''];
  readMessage(reader, field, (inner) => {
    switch (inner.number) {
      case 1:
        context.spend(reader);
        inputs.push(readText(reader, inner));
        return;
      case 2:
        context.spend(reader);
        outputs.push(readText(reader, inner));
        return;
      case 3:
        name = readText(reader, inner);
        return;
      case 4:
        operator = readText(reader, inner);
        return;
      case 5:
        addAttribute(attributes, reader, inner, context);
        return;
      case 7:
        domain = standardDomain(readText(reader, inner));
        return;
    }
  });
  if (operator === '') reader.fail(`has the node "${name}" without an operator`);
  return { name, operator, domain, inputs, outputs, attributes };
}

/** `AttributeProto.AttributeType`, for attributes whose value is the one that writers leave out. */
const EMPTY_VALUES: Readonly<Record<number, number | string | readonly number[]>> = { 1: 0, 2: 0, 3: '', 6: [], 7: [], 8: [] };
const STRINGS = 8;

function addAttribute(attributes: Map<string, OnnxAttribute>, reader: WireReader, field: WireField, context: ParseContext): void {
  context.spend(reader);
  let [name, reference] = ['', ''];
  let type = 0;
  let single: OnnxAttribute | undefined;
  const lists = { 7: new NumberList('float', MOST_LIST), 8: new NumberList('integer', MOST_LIST) };
  const strings: string[] = [];
  const value = (given: number | string): void => {
    single = { kind: 'value', value: given };
  };
  readMessage(reader, field, (inner) => {
    switch (inner.number) {
      case 1:
        name = readText(reader, inner);
        return;
      case 2:
        return value(readFloat(reader, inner));
      case 3:
        return value(readInt(reader, inner));
      case 4:
        return value(inner.length <= MOST_LIST ? readText(reader, inner) : '');
      case 5:
        single = { kind: 'tensor', tensor: parseTensor(reader, inner, context) };
        return;
      case 6:
        single = { kind: 'graph', graph: parseGraph(reader, inner, context) };
        return;
      case 7:
      case 8:
        return lists[inner.number].add(reader, inner);
      case 9:
        if (strings.length < MOST_LIST) strings.push(inner.length <= MOST_LIST ? readText(reader, inner) : '');
        return;
      case 20:
        type = readInt(reader, inner);
        return;
      case 21:
        reference = readText(reader, inner);
        return;
    }
  });
  const list = [lists[7].read, lists[8].read];
  if (list.includes(undefined)) return;
  const numbers = list.find((values) => (values?.length ?? 0) > 0);
  const isStrings = strings.length > 0 || type === STRINGS;
  const found: OnnxAttribute | undefined =
    reference !== '' ? { kind: 'reference', name: reference } : (single ?? toValue(isStrings ? strings : (numbers ?? EMPTY_VALUES[type])));
  if (found !== undefined) attributes.set(name, found);
}

const toValue = (value: number | string | readonly number[] | readonly string[] | undefined): OnnxAttribute | undefined =>
  value === undefined ? undefined : { kind: 'value', value };

function parseValue(reader: WireReader, field: WireField, context: ParseContext): OnnxValue {
  context.spend(reader, 2);
  let name = '';
  let type: Omit<OnnxValue, 'name'> = {};
  readMessage(reader, field, (inner) => {
    if (inner.number === 1) name = readText(reader, inner);
    if (inner.number === 2) {
      readMessage(reader, inner, (kind) => {
        if (kind.number === 1) type = parseTensorType(reader, kind, context);
      });
    }
  });
  return { name, ...type };
}

function parseTensorType(reader: WireReader, field: WireField, context: ParseContext): Omit<OnnxValue, 'name'> {
  let elements = 0;
  let shape: (number | string | undefined)[] | undefined;
  readMessage(reader, field, (inner) => {
    if (inner.number === 1) elements = readInt(reader, inner);
    if (inner.number === 2) {
      const sizes: (number | string | undefined)[] = [];
      shape = sizes;
      readMessage(reader, inner, (dim) => {
        context.spend(reader);
        if (dim.number === 1) sizes.push(parseDimension(reader, dim));
      });
    }
  });
  return { dtype: elementType(elements), ...(shape !== undefined && { shape }) };
}

/** A size; some writers leave one open by 0 or -1. */
function parseDimension(reader: WireReader, field: WireField): number | string | undefined {
  let size: number | string | undefined;
  readMessage(reader, field, (inner) => {
    if (inner.number === 1) size = readInt(reader, inner);
    if (inner.number === 2) size = readText(reader, inner);
  });
  return (typeof size === 'number' && size < 1) || size === '' ? undefined : size;
}

function parseFunction(reader: WireReader, field: WireField, context: ParseContext): OnnxFunction {
  context.spend(reader, NODE_COST);
  const inputs: string[] = [];
  const outputs: string[] = [];
  const nodes: OnnxNode[] = [];
  const defaults = new Map<string, OnnxAttribute>();
  let [name, domain] = ['', ''];
  readMessage(reader, field, (inner) => {
    switch (inner.number) {
      case 1:
        name = readText(reader, inner);
        return;
      case 4:
        inputs.push(readText(reader, inner));
        return;
      case 5:
        outputs.push(readText(reader, inner));
        return;
      case 7:
        nodes.push(parseNode(reader, inner, context));
        return;
      case 10:
        domain = standardDomain(readText(reader, inner));
        return;
      case 11:
        addAttribute(defaults, reader, inner, context);
        return;
    }
  });
  return { name, domain, inputs, outputs, defaults, nodes };
}
