import type { EnvironmentReport } from '../../data/report-document.ts';

/** Where everything was measured. */
export function EnvironmentSection({ environments }: { readonly environments: readonly EnvironmentReport[] }) {
  return (
    <section aria-labelledby="environment">
      <h2 id="environment">Measured on</h2>
      <div class="environments">
        {environments.map(({ kernels, facts }) => (
          <div key={kernels.join()} class="card">
            {environments.length > 1 && <h3>{kernels.join(', ')}</h3>}
            <dl class="fact-list">
              {facts.map(({ name, value }) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </section>
  );
}
