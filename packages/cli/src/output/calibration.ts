import type { Calibration } from '@nnm/model';
import type { Ansis } from 'ansis';
import { formatLatency, formatShare } from './quantities.ts';
import { renderTable } from './table.ts';

/** A calibration's networks, each with the errors that a calibration without it makes. */
export function renderCalibration({ networks, compositionError }: Calibration, paint: Ansis): string {
  const table = renderTable(
    ['NETWORK', 'MEASURED', 'ITS KERNELS', 'OFF BY', 'PREDICTED, OFF BY'].map((title, index) => ({
      title,
      ...(index > 0 && { align: 'right' as const }),
    })),
    networks.map(({ name, latencyMs, sumMs, leftOutError, predictedError }) => [
      name,
      formatLatency(latencyMs),
      formatLatency(sumMs),
      formatShare(leftOutError),
      predictedError === undefined ? '-' : formatShare(predictedError),
    ]),
    paint,
  );
  return `${table}\n\nNetworks follow from their kernels within ${formatShare(compositionError)} (standard deviation, each left out of the fit).`;
}
