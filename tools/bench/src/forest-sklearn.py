"""Fit, predict and store with scikit-learn's RandomForestRegressor; called by forest.ts, answers with one line of JSON."""
import json
import pickle
import sys
import time

import numpy as np
import sklearn
from sklearn.ensemble import RandomForestRegressor

task = json.load(sys.stdin)


def matrix(name, columns=None):
    values = np.fromfile(task["folder"] + "/" + name, dtype="<f8")
    return values if columns is None else values.reshape(-1, columns)


columns = task["columns"]
train_x, train_y, test_x = matrix("trainX", columns), matrix("trainY"), matrix("testX", columns)
options = task["options"]
best = {}


def timed(name, repeats, work):
    for _ in range(repeats):
        start = time.perf_counter()
        result = work()
        best[name] = min(best.get(name, float("inf")), time.perf_counter() - start)
    return result


def fit():
    return RandomForestRegressor(
        n_estimators=options["nEstimators"],
        max_features=options["maxFeatures"],
        n_jobs=1,
        random_state=task["seed"],
    ).fit(train_x, train_y)


forest = timed("fitS", 1, fit)
predicted = timed("batchS", 3, lambda: forest.predict(test_x))
timed("singleS", 30, lambda: forest.predict(test_x[:1]))
stored = pickle.dumps(forest, protocol=pickle.HIGHEST_PROTOCOL)
size = len(stored)
timed("loadS", 3, lambda: pickle.loads(stored))
predicted.astype("<f8").tofile(task["folder"] + "/predicted")
print(json.dumps({**best, "sizeBytes": size, "version": sklearn.__version__}))
