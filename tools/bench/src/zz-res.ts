import { Rng } from '@nnm/core';
import { DEFAULT_TRAINING, findRegressor, computeMetrics } from '@nnm/predictor';
import { crossValidate } from '../../../packages/predictor/src/training/fit-model.ts';
import { fitBaseline } from '../../../packages/predictor/src/training/fit-baseline.ts';
import { baselineMs } from '../../../packages/predictor/src/predict/baseline.ts';
import { readMeasuredData } from './measured-data.ts';
const [folder, only, n='25'] = process.argv.slice(2);
for await (const d of readMeasuredData(folder!)) {
  if (only && !`${d.backend}/${d.kernel}`.match(only)) continue;
  const { train, ids } = d;
  const paths = train.pathFeatures ?? [];
  const zero = (keep: readonly string[]) => { const idle = new Set(paths.flat().filter(x=>!keep.includes(x))); const v = train.features.values.slice(); train.featureNames.forEach((f,c)=>{ if(idle.has(f)) for(let r=0;r<train.features.rows;r++) v[r*train.features.columns+c]=0;}); return {...train.features, values:v}; };
  for (const p of [[], ...paths]) { const f = zero(p); const b = fitBaseline(train.featureNames, f, train.latenciesMs, train.weights); const e=[...train.latenciesMs].map((l,r)=>Math.abs(Math.log(baselineMs(b,f.values,r*f.columns)/l))); e.sort((a,b)=>a-b); console.log(d.backend, d.kernel, p.join(','), 'mean', (e.reduce((a,b)=>a+b)/e.length).toFixed(4), 'median', e[e.length>>1]!.toFixed(4), b.costs.map(c=>`${c.feature}${c.above?'>'+c.above:''}:${c.msPerUnit.toExponential(2)}`).join(' '), 'launch', b.launchMs.toFixed(5)); }
  const regressor = findRegressor(DEFAULT_TRAINING.regressor);
  const pred = await crossValidate({ regressor, target: DEFAULT_TRAINING.target, options: regressor.parseOptions(DEFAULT_TRAINING.options) }, train, { ids, folds: 5, rng: new Rng(1).fork('folds') });
  const m = computeMetrics(train.latenciesMs, pred); console.log(`  cv ${(100*m.acc5!).toFixed(1)} / ${(100*m.acc10!).toFixed(1)} / ${(100*m.rmspe!).toFixed(1)}`);
  const rows = [...ids.keys()].map(r=>({r, e: pred[r]!/train.latenciesMs[r]!-1})).sort((a,b)=>Math.abs(b.e)-Math.abs(a.e)).slice(0,Number(n));
  const show = d.configKeys;
  for (const {r,e} of rows) console.log('  ', (100*e).toFixed(0)+'%', train.latenciesMs[r]!.toFixed(4), show.map(k=>`${k}=${train.features.values[r*train.features.columns+train.featureNames.indexOf(k)]}`).join(' '), train.weights? 'w='+train.weights[r]!.toFixed(2):'');
}
