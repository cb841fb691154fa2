import type { Rule } from '../rule.ts';
import { CONVOLUTIONS } from './convolution.ts';
import { ELEMENT_WISE } from './element-wise.ts';
import { MOVEMENTS } from './movement.ts';
import { NORMALISATIONS } from './normalisation.ts';
import { NOTHINGS } from './nothing.ts';
import { POOLINGS } from './pooling.ts';
import { PRODUCTS } from './products.ts';
import { REDUCTIONS } from './reductions.ts';
import { RESIZINGS } from './resizing.ts';
import { SHAPES_ONLY } from './shapes-only.ts';
import { VIEWS } from './views.ts';

const RULES: ReadonlyMap<string, Rule> = new Map(
  [CONVOLUTIONS, ELEMENT_WISE, MOVEMENTS, NORMALISATIONS, NOTHINGS, POOLINGS, PRODUCTS, REDUCTIONS, RESIZINGS, SHAPES_ONLY, VIEWS].flatMap(
    (rules) => Object.entries(rules),
  ),
);

/** What is known of an operator, by its name with the domain; undefined for nothing. */
export const ruleOf = (operator: string): Rule | undefined => RULES.get(operator);
