"""The callable of CONTRIBUTING.md, in a worker."""

import shutil
from pathlib import Path

from PIL import Image

from tests.classifier.pictures import RED, encoded
from tests.recipes import block
from tests.stand_in import ROOT, StandIn, worker


def test_the_callable_answers_and_refuses(host: StandIn, tmp_path: Path, tiny_settings: dict[str, str]) -> None:
    shutil.copytree(ROOT / "worker", tmp_path / "worker")
    shutil.copy(ROOT / "uplink_server.py", tmp_path)
    for room in ("classifier", "teach"):
        (tmp_path / room).symlink_to(ROOT / room)
    module = tmp_path / "worker" / "callables.py"
    source = module.read_text()
    for before, after in {
        "    def worker_status(": block("Add a callable", "python") + "\n    def worker_status(",
        '"worker_status")': '"worker_status", "photo_size")',
        "from worker.gate": "from classifier.photo import decode\nfrom worker.gate",
    }.items():
        assert source.count(before) == 1, before
        source = source.replace(before, after)
    module.write_text(source)

    photo = encoded(Image.new("RGB", (64, 48), RED), "JPEG")
    with worker(host, tmp_path / "uplink_server.py", tiny_settings):
        page = host.page()
        answer = page.call("photo_size", None, media=[(["args", 0], "image/jpeg", photo)])
        assert answer["response"] == {"width": 64, "height": 48}
        refused = page.call("photo_size", None, media=[(["args", 0], "image/jpeg", b"no photo")])
        assert refused["response"]["error"]["type"] == "NotAPhoto"
