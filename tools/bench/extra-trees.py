"""Fit scikit-learn's tree ensembles and predict; called by extra-trees.ts, answers with one line of JSON."""
import json
import sys

import numpy as np
from sklearn.ensemble import ExtraTreesRegressor, GradientBoostingRegressor, RandomForestRegressor

task = json.load(sys.stdin)
features, targets, test = (np.array(task[name]) for name in ("features", "targets", "test"))
boosting = {"n_estimators": 600, "learning_rate": 0.05, "max_depth": 5, "min_samples_leaf": 2, "subsample": 0.6, "max_features": 0.7}
candidates = {
    "random forest": RandomForestRegressor(320, max_features=0.5, random_state=1),
    "extra trees, all features": ExtraTreesRegressor(320, random_state=1),
    "extra trees, half": ExtraTreesRegressor(320, max_features=0.5, random_state=1),
    "boosting": GradientBoostingRegressor(**boosting, random_state=1),
}
print(json.dumps({name: model.fit(features, targets).predict(test).tolist() for name, model in candidates.items()}))
