export { convertGraph } from './convert-graph.ts';
export { readModel } from './flatbuffer/read.ts';
export { BuiltinOperator } from './flatbuffer/schema.ts';
export { writeModel } from './flatbuffer/write.ts';
export { lowerGraph } from './lowering/lower-graph.ts';
export { OPERATOR_SUPPORT, supportWith } from './lowering/lowerings.ts';
