# SPDX-License-Identifier: AGPL-3.0-or-later
"""A headless Chromium that keeps what it says and asks for, by Debian's chromium-driver and
python3-selenium. Only with --with-desktop."""
import base64
import json
import os
import pathlib

from selenium import webdriver
from selenium.webdriver.chrome.service import Service

NETWORK = ("Network.requestWillBeSent", "Network.webSocketCreated")


class Browser:
    def __init__(self, width=1280, height=900, script=True, dark=False):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                         "--no-first-run", "--disable-background-networking", "--disable-extensions",
                         "--force-color-profile=srgb", f"--window-size={width},{height}"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        os.environ.setdefault("HOME", "/tmp")
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_script_timeout(120)
        self.driver.set_page_load_timeout(120)
        # A window has a least width; a telephone has none.
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     deviceScaleFactor=1, mobile=width < 500)
        if not script:
            self.command("Emulation.setScriptExecutionDisabled", value=True)
        if dark:
            self.command("Emulation.setEmulatedMedia",
                         features=[{"name": "prefers-color-scheme", "value": "dark"}])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def command(self, name, **parameters):
        return self.driver.execute_cdp_cmd(name, parameters)

    def open(self, page):
        self.driver.get(pathlib.Path(page).resolve().as_uri())

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def said(self):
        """What stands in the console, of any kind."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def asked_for(self):
        """Every address that was asked for since it was last read."""
        messages = [json.loads(entry["message"])["message"]
                    for entry in self.driver.get_log("performance")]
        return [message["params"].get("request", message["params"])["url"]
                for message in messages if message["method"] in NETWORK]

    def screenshot(self, path, whole=True):
        picture = self.command("Page.captureScreenshot", captureBeyondViewport=whole,
                               **({"clip": self.whole()} if whole else {}))
        pathlib.Path(path).write_bytes(base64.b64decode(picture["data"]))

    def whole(self):
        size = self.command("Page.getLayoutMetrics")["cssContentSize"]
        return {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 16000),
                "scale": 1}

    def pdf(self, path, width, height):
        page = self.command("Page.printToPDF", paperWidth=width, paperHeight=height,
                            preferCSSPageSize=False, printBackground=False)
        pathlib.Path(path).write_bytes(base64.b64decode(page["data"]))
