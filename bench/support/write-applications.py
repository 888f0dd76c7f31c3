"""Writes networks of tf.keras.applications in every format that TensorFlow and Keras write, with what they answer themselves.

    pip install tensorflow-cpu==2.21.0 keras==3.15.1
    python bench/support/write-applications.py FOLDER [NAME...]

Each NAME gets a folder: model.h5, model.keras, saved_model/, model.tflite (floats), dynamic.tflite (weights of integers), integers.tflite
(weights and values, bytes in and out), and for ten pictures x.bin and the answers, float32: y.bin (Keras), and of TensorFlow Lite's interpreter
KIND.y.bin as it comes, and KIND.other.bin with its own kernels instead of XNNPACK's. The weights are drawn, so that no layer hides another
one's mistake; the pictures are small, so that a network takes seconds. bench/applications.ts compares.
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
import tensorflow as tf

tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
made = keras.applications
networks = {
    "MobileNet": lambda: made.MobileNet(input_shape=(96, 96, 3), alpha=0.25, weights=None, classes=7),
    "MobileNetV2": lambda: made.MobileNetV2(input_shape=(96, 96, 3), alpha=0.35, weights=None, classes=7),
    "MobileNetV3Small": lambda: made.MobileNetV3Small(input_shape=(96, 96, 3), weights=None, classes=7),
    "MobileNetV3Large": lambda: made.MobileNetV3Large(input_shape=(96, 96, 3), alpha=0.75, weights=None, classes=7),
    "EfficientNetB0": lambda: made.EfficientNetB0(input_shape=(96, 96, 3), weights=None, classes=7),
    "EfficientNetV2B0": lambda: made.EfficientNetV2B0(input_shape=(96, 96, 3), weights=None, classes=7),
    "ResNet50": lambda: made.ResNet50(input_shape=(64, 64, 3), weights=None, classes=7),
    "ResNet50V2": lambda: made.ResNet50V2(input_shape=(64, 64, 3), weights=None, classes=7),
    "DenseNet121": lambda: made.DenseNet121(input_shape=(64, 64, 3), weights=None, classes=7),
    "InceptionV3": lambda: made.InceptionV3(input_shape=(96, 96, 3), weights=None, classes=7),
    "Xception": lambda: made.Xception(input_shape=(96, 96, 3), weights=None, classes=7),
    "VGG16": lambda: made.VGG16(input_shape=(32, 32, 3), weights=None, classes=7),
}


def drawn(weight, rng):
    """Means, variances and scales that a trained network could have, where Keras begins with 0 and 1."""
    if weight.name in ("gamma",):
        return rng.normal(1, 0.2, weight.shape)
    if weight.name in ("beta", "moving_mean"):
        return rng.normal(0, 0.2, weight.shape)
    return rng.uniform(0.5, 1.5, weight.shape)


def stored(values, details):
    """As the interpreter takes them: integers have a scale and a zero."""
    if details["dtype"] == np.float32:
        return values
    scale, zero = details["quantization"]
    ends = np.iinfo(details["dtype"])
    return np.clip(np.round(values / scale) + zero, ends.min, ends.max).astype(details["dtype"])


def interpreted(path, pictures, kernels):
    interpreter = tf.lite.Interpreter(path, experimental_op_resolver_type=kernels)
    interpreter.allocate_tensors()
    [taken], [given] = interpreter.get_input_details(), interpreter.get_output_details()
    answers = []
    for picture in pictures:
        interpreter.set_tensor(taken["index"], stored(picture[None], taken))
        interpreter.invoke()
        answers.append(interpreter.get_tensor(given["index"]).copy())
    answers = np.concatenate(answers)
    if given["dtype"] == np.float32:
        return answers
    scale, zero = given["quantization"]
    return (answers.astype("float32") - zero) * np.float32(scale)


def convert(model, kind, pictures):
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    if kind != "model":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
    if kind == "integers":
        converter.representative_dataset = lambda: ([picture[None]] for picture in pictures)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
        converter.inference_input_type = converter.inference_output_type = tf.uint8
    return converter.convert()


def write(name, folder):
    os.makedirs(folder, exist_ok=True)
    keras.backend.clear_session()
    keras.utils.set_random_seed(3)
    rng = np.random.default_rng(5)
    model = networks[name]()
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([drawn(weight, rng).astype("float32") for weight in layer.weights])
    pictures = rng.uniform(-1, 1, (10,) + model.input_shape[1:]).astype("float32")
    if any(isinstance(layer, keras.layers.Rescaling) for layer in model.layers):
        pictures = (pictures + 1) * 127.5
    pictures.tofile(f"{folder}/x.bin")
    model.predict(pictures, verbose=0).astype("float32").tofile(f"{folder}/y.bin")
    with open(f"{folder}/shape.json", "w") as file:
        json.dump(list(pictures.shape), file)
    model.save(f"{folder}/model.h5")
    model.save(f"{folder}/model.keras")
    model.export(f"{folder}/saved_model", verbose=False)
    kernels = tf.lite.experimental.OpResolverType
    for kind in ("model", "dynamic", "integers"):
        path = f"{folder}/{kind}.tflite"
        with open(path, "wb") as file:
            file.write(convert(model, kind, pictures))
        interpreted(path, pictures, kernels.AUTO).astype("float32").tofile(f"{folder}/{kind}.y.bin")
        own = interpreted(path, pictures, kernels.BUILTIN_WITHOUT_DEFAULT_DELEGATES)
        own.astype("float32").tofile(f"{folder}/{kind}.other.bin")
    print(name, flush=True)


out, *wanted = sys.argv[1:]
for each in wanted or networks:
    write(each, os.path.join(out, each))
