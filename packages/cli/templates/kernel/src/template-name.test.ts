import { kernelContract, ReferenceBackend } from '@nnm/core/testing';
import { expect, it } from 'vitest';
import { TemplateNameBlock, templateName } from './template-name.ts';

// What every kernel must do. Add real runtimes to `backends` to run it on them as well.
for (const { name, run } of kernelContract(templateName, { backends: [new ReferenceBackend()] })) it(name, run);

it('has the operators it should have', () => {
  const graph = new TemplateNameBlock({ HW: 7, CIN: 8, COUT: 16 }).getModel();
  expect(graph.ops.map(({ op }) => op)).toEqual(['conv2d', 'batchNorm', 'activation', 'mul']);
});
