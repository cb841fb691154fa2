import type { LiveState } from '../data/live-message.ts';
import type { ReportDocument } from '../data/report-document.ts';
import { ThemeSwitch } from './parts/theme-switch.tsx';
import { WithCode } from './parts/with-code.tsx';
import { AccuracySection } from './sections/accuracy.tsx';
import { ComparisonSection } from './sections/comparison.tsx';
import { EnvironmentSection } from './sections/environment.tsx';
import { KernelSection } from './sections/kernel.tsx';
import { LiveSection } from './sections/live.tsx';
import { ModelSection } from './sections/model.tsx';
import { SummaryTiles } from './sections/summary.tsx';

/** The whole page. */
export function App({ report, live }: { readonly report: ReportDocument; readonly live?: LiveState }) {
  const { title, facts, kernels, model, comparison, environments, problems, madeAt, nnmVersion } = report;
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header>
        <div class="headline">
          <p class="brand">nnm</p>
          <h1>{title}</h1>
          <p class="facts">
            {facts.map(({ name, value }) => (
              <span key={name}>
                <span class="fact-name">{name}</span> {value}
              </span>
            ))}
          </p>
        </div>
        <ThemeSwitch />
      </header>
      <main id="main">
        {live && <LiveSection live={live} />}
        {model && <ModelSection model={model} title={title} />}
        {comparison && <ComparisonSection comparison={comparison} />}
        {kernels.length > 0 && <SummaryTiles report={report} />}
        {problems.length > 0 && (
          <ul class="problems">
            {problems.map((problem) => (
              <li key={problem}>
                <WithCode text={problem} />
              </li>
            ))}
          </ul>
        )}
        {kernels.some(({ rounds }) => rounds.length > 0) && <AccuracySection kernels={kernels} />}
        {kernels.length > 0 && <KernelSection kernels={kernels} {...(live && !live.ended && live.kernel && { follow: live.kernel })} />}
        {environments.length > 0 && <EnvironmentSection environments={environments} />}
      </main>
      <footer>
        Made by nnm {nnmVersion}
        {madeAt && (
          <>
            {' '}
            on <time dateTime={madeAt}>{new Date(madeAt).toLocaleString('en', { dateStyle: 'long', timeStyle: 'short' })}</time>
          </>
        )}
        . This page holds all of its data and asks no server for anything.
      </footer>
    </>
  );
}
