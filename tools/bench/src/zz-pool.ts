import { readMeasuredData } from './measured-data.ts';
const [folder, kernel] = process.argv.slice(2);
for await (const d of readMeasuredData(folder!)) {
  if (`${d.backend}/${d.kernel}` !== kernel) continue;
  const { train } = d; const at=(r:number,n:string)=>train.features.values[r*train.features.columns+train.featureNames.indexOf(n)]!;
  const groups = new Map<string, string[]>();
  for (let r=0;r<train.features.rows;r++){ const c=at(r,'CIN'), hw=at(r,'HW'), k=at(r,'KERNEL_SIZE'), s=at(r,'POOL_STRIDES')||at(r,'STRIDES'); const o=Math.ceil(hw/s); const ops=o*o*c*k*k; const g=c%16===0?'16':c%8===0?'8':c%4===0?'4':'odd'; const key=`${g} k${k} s${s}`; (groups.get(key)??groups.set(key,[]).get(key)!).push(`${hw}x${c}:${(train.latenciesMs[r]!*1e6/ops).toFixed(3)}/${(train.latenciesMs[r]!*1000).toFixed(0)}us`); }
  for (const [k,v] of [...groups].sort()) console.log(k, v.slice(0,9).join('  '));
}
