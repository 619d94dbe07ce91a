"""The form of CONTRIBUTING.md, in the browser, with the worker."""

import json
import shutil
import sys
from pathlib import Path

import yaml
from playwright.sync_api import Browser, expect

from tests.recipes import block
from tests.stand_in import ROOT, START_SECONDS, StandIn, process, wait_until, worker


def test_the_form_asks_the_worker(browser: Browser, tmp_path: Path) -> None:
    app = tmp_path / "app"
    shutil.copytree(ROOT / "anvil_app", app)
    form = app / "client_code" / "Status"
    form.mkdir()
    (form / "form_template.yaml").write_text(block("Add a form", "yaml"))
    (form / "__init__.py").write_text(block("Add a form", "python"))
    config = yaml.safe_load((app / "anvil.yaml").read_text())
    (app / "anvil.yaml").write_text(yaml.safe_dump({**config, "startup": {"type": "form", "module": "Status"}}))

    log, key_file = tmp_path / "host.log", tmp_path / "keys.json"
    with process([sys.executable, "-m", "tests.browser.serve_app", str(tmp_path)], log, {}) as started:
        port = int(wait_until(lambda: log.read_text().strip(), START_SECONDS, log))
        keys = json.loads(key_file.read_text())
        host = StandIn(started, port, tmp_path, key_file, log, keys["uplink_key"], keys["client_uplink_key"])
        with worker(host):
            page = browser.new_page()
            page.goto(host.page_url)
            page.get_by_role("button", name="Ask").click()
            expect(page.get_by_text("ready")).to_be_visible(timeout=20_000)
            page.close()
