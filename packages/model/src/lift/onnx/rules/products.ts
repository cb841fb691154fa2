import { broadcastShapes, type Shape } from '@nnm/core';
import type { NodeView } from '../node-view.ts';
import type { Rules, Sentence } from '../rule.ts';

/** `alpha * A * B + beta * C`; with constant `B` a fully connected layer, whose bias is `C`. */
function sayGemm(node: NodeView): Sentence {
  const [transposeA, transposeB] = [node.number('transA', 0) === 1, node.number('transB', 0) === 1];
  const [m, k] = turned(node.shape(0), transposeA);
  const [inner, units] = turned(node.shape(1), transposeB);
  if (k !== inner || node.shape(0).length !== 2 || node.shape(1).length !== 2) {
    node.wrong(`multiplies [${node.shape(0).join(', ')}] and [${node.shape(1).join(', ')}], which do not fit`);
  }
  if (node.isConstant(1) && !transposeA && (!node.has(2) || node.isConstant(2))) {
    return {
      op: { op: 'dense', units: units as number, useBias: node.has(2) },
      inputs: [{ name: node.node.inputs[0] as string, shape: [m, k] as Shape }],
    };
  }
  if (node.has(2)) node.gap('Gemm of two matrices with a third one added has no equivalent in nnm');
  return {
    op: { op: 'matmul', ...(transposeA && { transposeA }), ...(transposeB && { transposeB }) },
    inputs: [node.operand(0), node.operand(1)],
  };
}

const turned = (shape: Shape, isTurned: boolean): Shape => (isTurned ? [...shape].reverse() : shape);

/** With constant weights of two axes a fully connected layer without bias. */
function sayProduct(node: NodeView): Sentence {
  const [a, b] = [node.shape(0), node.shape(1)];
  if (node.isConstant(1) && b.length === 2 && a.length >= 2) {
    if (a.at(-1) !== b[0]) node.wrong(`multiplies [${a.join(', ')}] and [${b.join(', ')}], which do not fit`);
    return { op: { op: 'dense', units: b[1] as number, useBias: false }, inputs: [node.operand(0)] };
  }
  if (a.length < 2 || b.length < 2) node.gap('MatMul of vectors has no equivalent in nnm');
  return { op: { op: 'matmul' }, inputs: [node.operand(0), node.operand(1)] };
}

/** The last two axes of vectors are taken away again. */
function matMulShapes(node: NodeView): readonly Shape[] {
  const [a, b] = [node.shape(0), node.shape(1)];
  const batch = broadcastShapes(a.slice(0, -2), b.slice(0, -2));
  if (batch === undefined) return node.wrong(`multiplies [${a.join(', ')}] and [${b.join(', ')}], which do not fit`);
  return [[...batch, ...(a.length > 1 ? [a.at(-2) as number] : []), ...(b.length > 1 ? [b.at(-1) as number] : [])]];
}

/** A fully connected layer: `MatMul` with constant weights and `Add` with a constant bias. */
function sayDense(node: NodeView): Sentence {
  return { op: { op: 'dense', units: node.shape(1)[1] as number, useBias: true }, inputs: [node.operand(0)] };
}

/** A product whose operands have their last two axes swapped first. */
function sayTransposed(node: NodeView): Sentence {
  const [transposeA, transposeB] = [node.number('transA', 0) === 1, node.number('transB', 0) === 1];
  return {
    op: { op: 'matmul', ...(transposeA && { transposeA }), ...(transposeB && { transposeB }) },
    inputs: [node.operand(0), node.operand(1)],
  };
}

/** ONNX Runtime's own product, whose scale costs nothing. */
function sayFusedMatMul(node: NodeView): Sentence {
  if (node.number('transBatchA', 0) !== 0 || node.number('transBatchB', 0) !== 0) {
    node.gap('com.microsoft::FusedMatMul with another order of batches has no equivalent in nnm');
  }
  return node.number('transA', 0) === 0 && node.number('transB', 0) === 0 ? sayProduct(node) : sayTransposed(node);
}

export const PRODUCTS: Rules = {
  Gemm: { layout: 'plain', say: sayGemm },
  MatMul: { layout: 'plain', say: sayProduct, shapes: matMulShapes },
  'nnm::Dense': { layout: 'plain', say: sayDense },
  'com.microsoft::FusedMatMul': { layout: 'plain', say: sayFusedMatMul },
  'nnm::MatMul': { layout: 'plain', say: sayTransposed },
};
