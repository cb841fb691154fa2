/** The least multiple of `tile` that holds so many channels. */
const wholeTiles = (channels: number, tile: number): number => Math.ceil(channels / tile) * tile;

/** Work on whole tiles of `tile` channels as a multiple of the work on the channels there are: 33 channels in tiles of 16 give 48 / 33. */
export const tileWaste = (channels: number, tile: number): number => wholeTiles(channels, tile) / channels;

/** Output channels of a wide tile; XNNPACK computes fewer with code for narrow ones: 2 at once, 4 input channels at a time. */
const WIDE = 16;
const NARROW = { cout: 2, cin: 4 };

/** 1 for a product with so few output channels that narrow tiles compute it. */
export const isNarrow = (cout: number): number => Number(cout < WIDE);

/** Output channels that tiles waste, as a factor, by the tiles that compute so many. */
export const coutWaste = (cout: number): number => tileWaste(cout, isNarrow(cout) ? NARROW.cout : WIDE);

/** Input channels that narrow tiles waste, as a factor. */
export const cinWaste = (cin: number): number => tileWaste(cin, NARROW.cin);

/** Wide tiles that compute so many output channels. */
export const wideTiles = (cout: number): number => Math.ceil(cout / WIDE);

/** Multiply-adds of one window's pixel from `cin` to `cout` channels in whole wide tiles. */
export const wideProducts = (cin: number, cout: number): number => cin * wholeTiles(cout, WIDE);

/** The same in whole narrow tiles. */
export const narrowProducts = (cin: number, cout: number): number => wholeTiles(cin, NARROW.cin) * wholeTiles(cout, NARROW.cout);

/** The same in the tiles that compute so many output channels with vectors of 8 floats, where narrow ones take about twice as long. */
export const tiledProducts = (cin: number, cout: number): number =>
  isNarrow(cout) ? 2 * narrowProducts(cin, cout) : wideProducts(cin, cout);
