"""Writes networks of tf.keras.applications in every format that TensorFlow and Keras write, with what they answer themselves.

    pip install tensorflow-cpu==2.21.0 keras==3.15.1
    python bench/support/write-applications.py FOLDER [NAME...]

Each NAME gets a folder: model.h5, model.keras, saved_model/, model.tflite (floats), dynamic.tflite (weights of integers), and for two pictures
x.bin and the answers y.bin (Keras) and NAME.y.bin (TensorFlow Lite's interpreter), float32. The weights are drawn, so that no layer hides
another one's mistake; the pictures are small, so that a network takes seconds. bench/applications.ts compares.
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


def interpreted(path, pictures):
    interpreter = tf.lite.Interpreter(path)
    interpreter.allocate_tensors()
    answers = []
    for picture in pictures:
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture[None])
        interpreter.invoke()
        answers.append(interpreter.get_tensor(interpreter.get_output_details()[0]["index"]).copy())
    return np.concatenate(answers)


def write(name, folder):
    os.makedirs(folder, exist_ok=True)
    keras.backend.clear_session()
    keras.utils.set_random_seed(3)
    rng = np.random.default_rng(5)
    model = networks[name]()
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([drawn(weight, rng).astype("float32") for weight in layer.weights])
    pictures = rng.uniform(-1, 1, (2,) + model.input_shape[1:]).astype("float32")
    if any(isinstance(layer, keras.layers.Rescaling) for layer in model.layers):
        pictures = (pictures + 1) * 127.5
    pictures.tofile(f"{folder}/x.bin")
    model.predict(pictures, verbose=0).astype("float32").tofile(f"{folder}/y.bin")
    with open(f"{folder}/shape.json", "w") as file:
        json.dump(list(pictures.shape), file)
    model.save(f"{folder}/model.h5")
    model.save(f"{folder}/model.keras")
    model.export(f"{folder}/saved_model", verbose=False)
    for kind in ("model", "dynamic"):
        converter = tf.lite.TFLiteConverter.from_keras_model(model)
        if kind == "dynamic":
            converter.optimizations = [tf.lite.Optimize.DEFAULT]
        with open(f"{folder}/{kind}.tflite", "wb") as file:
            file.write(converter.convert())
        interpreted(f"{folder}/{kind}.tflite", pictures).astype("float32").tofile(f"{folder}/{kind}.y.bin")
    print(name, flush=True)


out, *wanted = sys.argv[1:]
for each in wanted or networks:
    write(each, os.path.join(out, each))
