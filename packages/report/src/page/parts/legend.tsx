/** What the marks of a chart mean. */
export function Legend({ entries }: { readonly entries: readonly { readonly mark: string; readonly text: string }[] }) {
  return (
    <ul class="legend">
      {entries.map(({ mark, text }) => (
        <li key={text}>
          <span class={`key ${mark}`} aria-hidden="true" />
          {text}
        </li>
      ))}
    </ul>
  );
}
