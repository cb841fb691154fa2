/** Configuration of the kernels that give each head its queries, keys and values: `[WINDOWS, WORDS, 3, HEADS, CIN]`. */
export type HeadsConfig = { readonly WINDOWS: number; readonly WORDS: number; readonly HEADS: number; readonly CIN: number };

/** Attention of published networks: of Swin transformers by window, MobileViT by pixel of a patch, vision transformers over all. */
export const attentionHeads: readonly HeadsConfig[] = (
  [
    // Swin-T, B and L: windows, heads
    ...[64, 16, 4, 1].flatMap((windows, stage) => [3, 4, 6].map((heads) => [windows, 49, heads << stage, 32])),
    // MobileViT XXS, XS and S
    ...[256, 64, 16].flatMap((words, stage) =>
      [
        [16, 20, 24],
        [24, 30, 36],
        [36, 48, 60],
      ].map((sizes) => [4, words, 4, sizes[stage]]),
    ),
    // DeiT-T, ViT-S, ViT-B by patches of 16 and 32 pixels
    ...[3, 6, 12].flatMap((heads) => [50, 197].map((words) => [1, words, heads, 64])),
  ] as const
).map(([WINDOWS = 1, WORDS = 1, HEADS = 1, CIN = 1]) => ({ WINDOWS, WORDS, HEADS, CIN }));
