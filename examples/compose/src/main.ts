import { compose } from './compose.ts';

const [samples = '40', budgetSeconds = '60'] = process.argv.slice(2);
const prediction = await compose({ samples: Number(samples), budgetMs: 1000 * Number(budgetSeconds), say: (line) => console.log(line) });
console.log(JSON.stringify(prediction));
