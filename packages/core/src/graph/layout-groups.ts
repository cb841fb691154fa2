/**
 * Values that have to be of one layout because ops that do not care lie between them, and who asks for which.
 *
 * @typeParam L - names of layouts
 */
export interface LayoutGroup<L extends string> {
  /** Set where an op leaves no choice. */
  readonly fixed?: L | undefined;
  wanted?: L;
  joined?: LayoutGroup<L>;
}

/**
 * Chooses one layout for values that are joined by ops which take any.
 *
 * Where images and other values meet, as in the residual of a block, they meet as images: convolutions cannot run in another layout, and
 * that is where a PyTorch module permutes.
 */
export class LayoutGroups<L extends string> {
  /** @param image - the layout of images, which comes first where others meet it */
  constructor(private readonly image: L) {}

  /** The group that a group has become part of. */
  rootOf(group: LayoutGroup<L>): LayoutGroup<L> {
    return group.joined === undefined ? group : this.rootOf(group.joined);
  }

  /** What has been decided of a group so far; undefined when nobody has asked. */
  layoutOf(group: LayoutGroup<L>): L | undefined {
    const { fixed, wanted } = this.rootOf(group);
    return fixed ?? wanted;
  }

  /** One group for all of these, which are roots. */
  join(groups: readonly LayoutGroup<L>[]): LayoutGroup<L> {
    const settled = groups.find((group) => this.layoutOf(group) === this.image) ?? groups.find(({ fixed }) => fixed !== undefined);
    const open = groups.filter((group) => group.fixed === undefined && group !== settled);
    const layout = settled && this.layoutOf(settled);
    if (settled !== undefined && layout !== undefined) {
      for (const group of open) this.ask(group, layout);
      return settled;
    }
    const [root = {}, ...rest] = [...new Set(open)];
    for (const group of rest) {
      if (group.wanted !== undefined) this.ask(root, group.wanted);
      group.joined = root;
    }
    return root;
  }

  /** A reader of the group's values would have them in this layout. */
  ask(group: LayoutGroup<L>, layout: L): void {
    if (group.fixed === undefined && group.wanted !== this.image) group.wanted = layout;
  }
}
