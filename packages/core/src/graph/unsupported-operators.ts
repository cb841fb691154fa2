/** Operators that networks have and the kernel graph does not, with the reason. */
export const UNSUPPORTED_OPERATORS: Readonly<Record<string, string>> = {
  lstm: 'recurrent layers are runs of small steps inside the runtime; write out the steps with dense, mul and activation',
  gru: 'recurrent layers are runs of small steps inside the runtime; write out the steps with dense, mul and activation',
  if: 'which branch runs depends on data, so it has no one latency; write a graph per branch',
  while: 'how often it runs depends on data, so it has no one latency; write out the steps',
  quantize: 'values are float32; quantised types come later',
  dequantize: 'values are float32; quantised types come later',
};
