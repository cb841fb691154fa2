import { Ansis } from 'ansis';
import { describe, expect, it } from 'vitest';
import { renderFacts, renderTable, terminalWidth } from './table.ts';

const plain = new Ansis(0);
const lines = (text: string) => text.split('\n');

describe('renderTable', () => {
  const columns = [{ title: 'KERNEL' }, { title: 'ROWS', align: 'right' }, { title: 'KEYS' }, { title: 'FROM' }] as const;
  const rows = [
    ['conv-bn-relu', '12', 'HW CIN COUT KERNEL_SIZE STRIDES DILATION_H DILATION_W', '@nnm/kernels-conv'],
    ['relu', '7', 'HW CIN', '@nnm/kernels-misc'],
  ];

  it('is as wide as it is where there is room, and in what is no terminal', () => {
    const text = renderTable(columns, rows, plain, 200);
    expect(lines(text)).toEqual([
      'KERNEL        ROWS  KEYS                                                   FROM',
      'conv-bn-relu    12  HW CIN COUT KERNEL_SIZE STRIDES DILATION_H DILATION_W  @nnm/kernels-conv',
      'relu             7  HW CIN                                                 @nnm/kernels-misc',
    ]);
    expect(renderTable(columns, rows, plain, Number.POSITIVE_INFINITY)).toBe(text);
    expect(terminalWidth({ columns: 80 })).toBe(Number.POSITIVE_INFINITY);
    expect(terminalWidth({ isTTY: true, columns: 80 })).toBe(80);
    expect(terminalWidth({ isTTY: true, columns: 0 })).toBe(Number.POSITIVE_INFINITY);
  });

  it('wraps its column of words where that is enough', () => {
    expect(lines(renderTable(columns, rows, plain, 80))).toEqual([
      'KERNEL        ROWS  KEYS                                       FROM',
      'conv-bn-relu    12  HW CIN COUT KERNEL_SIZE STRIDES            @nnm/kernels-conv',
      '                    DILATION_H DILATION_W',
      'relu             7  HW CIN                                     @nnm/kernels-misc',
    ]);
  });

  it('writes a row in several lines where it is not', () => {
    expect(lines(renderTable(columns, rows, plain, 50))).toEqual([
      'KERNEL        ROWS  FROM',
      '    KEYS',
      'conv-bn-relu    12  @nnm/kernels-conv',
      '    HW CIN COUT KERNEL_SIZE STRIDES DILATION_H',
      '    DILATION_W',
      'relu             7  @nnm/kernels-misc',
      '    HW CIN',
    ]);
  });

  it.each([30, 40, 60, 80, 100, 120])('loses nothing on %i columns, and stays within them', (width) => {
    const wide = Array.from({ length: 9 }, (_, column) => ({ title: `C${column}`, align: 'right' as const }));
    const cells = wide.map((_, column) => `value${column}`);
    const text = renderTable([...columns, ...wide], [[...rows[0]!, ...cells]], plain, width);
    expect(text.split(/\s+/).sort()).toEqual(
      [...columns, ...wide]
        .map(({ title }) => title)
        .concat(rows[0]!.join(' ').split(' '), cells)
        .sort(),
    );
    expect(lines(text).every((line) => line.length <= width)).toBe(true);
  });

  it('leaves a word whole that is longer than the terminal is wide', () => {
    const path = '/home/somebody/a-folder-with-a-very-long-name/configs/backend_config.yaml';
    expect(renderTable([{ title: 'SETTING' }, { title: 'FROM' }], [['THREADS', path]], plain, 40)).toContain(path);
  });

  it('counts what characters take, and no colours', () => {
    const text = renderTable(
      [{ title: 'A' }, { title: 'B' }],
      [
        ['模型', 'x'],
        ['abcd', 'y'],
      ],
      new Ansis(1),
      80,
    );
    expect(lines(text).slice(1)).toEqual(['模型  x', 'abcd  y']);
  });
});

describe('renderFacts', () => {
  it('keeps long values beside their name', () => {
    const text = renderFacts(
      [
        ['features', 'HW CIN COUT KERNEL_SIZE STRIDES FLOPS PARAMS BYTES'],
        ['family', 'conv'],
      ],
      plain,
      44,
    );
    expect(lines(text)).toEqual(['features  HW CIN COUT KERNEL_SIZE STRIDES', '          FLOPS PARAMS BYTES', 'family    conv']);
  });
});
