"""The peer: the same decoder and network behind FastAPI, as its documentation shows it for uploaded files."""

import socket
from typing import Any

import uvicorn
from fastapi import FastAPI, UploadFile

from classifier.classifier import Classifier
from classifier.settings import Settings

app = FastAPI()
classifier = Classifier.load(Settings.load())


@app.post("/classify")
def classify(photo: UploadFile) -> dict[str, Any]:
    """Not async: FastAPI runs it on a thread, as work for the processor wants."""
    return classifier.classify(photo.file.read()).as_dict()


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"port {listener.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])
