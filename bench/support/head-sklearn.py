"""scikit-learn's LogisticRegression(lbfgs) on the examples of bench/head.ts: when each loss was reached.

Arguments: examples, size, classes, l2, target, features file (float32), labels file (int32). Prints JSON.
"""

import json
import sys
import time

import numpy
import sklearn
import sklearn.linear_model._logistic as logistic
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

n, size, classes = (int(text) for text in sys.argv[1:4])
l2, target = float(sys.argv[4]), float(sys.argv[5])
inputs = numpy.fromfile(sys.argv[6], "float32").reshape(n, size)
labels = numpy.fromfile(sys.argv[7], "int32")

began = 0.0
steps = []  # seconds since the start, loss; of every evaluation
minimize = logistic.optimize.minimize


def traced(function, *args, **rest):
    """scipy's minimize as LogisticRegression calls it, noting what it is told on the way."""

    def noted(*at):
        value, gradient = function(*at)
        steps.append((time.perf_counter() - began, float(value) / n))
        return value, gradient

    return minimize(noted, *args, **rest)


logistic.optimize.minimize = traced
# The sum of the losses + |W|^2 / 2C: n times the mean loss + l2 |W|^2 / 2.
model = LogisticRegression(C=1 / (n * l2), max_iter=1000)
began = time.perf_counter()
model.fit(StandardScaler().fit_transform(inputs.astype("float64")), labels)
ended = time.perf_counter() - began
reached = next((seconds for seconds, loss in steps if loss <= target), None)
print(json.dumps({
    "version": sklearn.__version__,
    "reached": reached,
    "ended": ended,
    "evaluations": len(steps),
    "loss": min(loss for _, loss in steps),
}))
