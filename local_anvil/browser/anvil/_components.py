"""The components, with the nodes and class names that Anvil's version 3 client gives them."""

from browser import window

from . import _media
from ._component import Component, component, element

# The client writes it into each button.
CUT_OFF = "max-width: 100%; text-overflow: ellipsis; overflow: hidden"


def _text(value):
    return "" if value is None else str(value)


class _WithText(Component):
    def _draw_text(self):
        text = _text(self.text)
        self._node.classList.toggle("anvil-has-text", bool(text))
        self._words.textContent = text


@component
class Label(_WithText):
    def _build(self):
        node = element("div", "anvil-label anvil-inlinable")
        self._words = element("span", "anvil-label-text")
        node.appendChild(self._words)
        return node


@component
class Button(_WithText):
    def _build(self):
        node = element("div", "anvil-inlinable anvil-button anvil-align-center", style="text-align: center")
        button = element("button", "anvil-btn anvil-btn-default anvil-to-disable", type="button", style=CUT_OFF)
        self._words = element("span", "anvil-button-text")
        button.appendChild(self._words)
        node.appendChild(button)
        button.bind("click", self._clicked)
        return node

    def _clicked(self, event):
        keys = {"meta": event.metaKey, "shift": event.shiftKey, "ctrl": event.ctrlKey, "alt": event.altKey}
        self.raise_event("click", keys=keys)


@component
class FileLoader(_WithText):
    def _build(self):
        node = element("a", "anvil-file-loader", href="javascript:void(0)")
        label = element("label", "anvil-inlinable")
        self._words = element("span", "anvil-label-text")
        form = element("form", "anvil-file-upload")
        self._input = element("input", "anvil-file-upload anvil-to-disable", type="file", style="display: none")
        label.appendChild(self._words)
        form.appendChild(self._input)
        label.appendChild(form)
        node.appendChild(label)
        self._input.bind("change", self._changed)
        self.files = []
        self.file = None
        return node

    def _draw_multiple(self):
        self._input.toggleAttribute("multiple", bool(self.multiple))

    def _draw_file_types(self):
        self._input.setAttribute("accept", self.file_types or "")

    def _draw_show_state(self):
        pass

    def _changed(self, event):
        chosen = self._input.files
        self.files = [_media.FileMedia(chosen.item(index)) for index in range(chosen.length)]
        self.file = self.files[0] if self.files else None
        self.raise_event("change", file=self.file, files=self.files)

    def open_file_selector(self):
        self._input.click()

    def clear(self):
        self._input.value = ""
        self.files = []
        self.file = None


@component
class Image(Component):
    def _build(self):
        node = element("div", "anvil-image", style="min-height: 20px; text-align: center; overflow: clip")
        self._img = element("img", style="max-width: 100%; max-height: 100%")
        self._url = None
        node.appendChild(self._img)
        return node

    def _draw_source(self):
        if self._url:
            self._url.release()
        self._url = _media.url(self.source) if self.source else None
        self._img.style.display = "" if self._url else "none"
        self._node.classList.toggle("anvil-image-empty", not self._url)
        if self._url:
            self._img.setAttribute("src", self._url.text)

    def _draw_alt_text(self):
        self._img.setAttribute("alt", _text(self.alt_text))

    def _draw_display_mode(self):
        pass


@component
class DropDown(Component):
    def _build(self):
        node = element("div", "anvil-dropdown")
        form = element("form", "anvil-form-inline", style="width: 100%")
        self._select = element("select", "anvil-form-control anvil-to-disable", style="width: 100%")
        form.appendChild(self._select)
        node.appendChild(form)
        self._select.bind("change", self._changed)
        return node

    def _changed(self, event):
        self._values["selected_value"] = self._pairs()[self._select.selectedIndex][1]
        self.raise_event("change")

    def _pairs(self):
        return [(item, item) if isinstance(item, str) else tuple(item) for item in self.items]

    def _draw_items(self):
        pairs = self._pairs()
        self._select.textContent = ""
        for index, (text, _) in enumerate(pairs):
            option = element("option", value=str(index))
            option.textContent = text
            self._select.appendChild(option)
        values = [value for _, value in pairs]
        if self._values["selected_value"] not in values:
            self._values["selected_value"] = values[0] if values else None
        self._draw_selected_value()

    def _draw_selected_value(self):
        values = [value for _, value in self._pairs()]
        if self.selected_value in values:
            self._select.selectedIndex = values.index(self.selected_value)
        elif self.selected_value is not None:
            raise ValueError("DropDown: selected_value is not among its items")


@component
class Timer(Component):
    """Ticks while its form is on the page; the next tick is armed when the handler has returned."""

    _handle = None

    def _build(self):
        return element("div", hidden="")

    def _draw_interval(self):
        if self._handle is not None:
            window.clearTimeout(self._handle)
            self._handle = None
        if self.interval and self._on_page:
            self._handle = window.setTimeout(self._tick, int(self.interval * 1000))

    def _show(self, on_page):
        super()._show(on_page)
        self._draw_interval()

    def _tick(self):
        self._handle = None
        try:
            self.raise_event("tick")
        finally:
            if self._handle is None:
                self._draw_interval()
