"""The components that hold others: HTML with slots, rows made from a form, and the page itself."""

from browser import document

from ._component import Component, component, element


@component
class HtmlTemplate(Component):
    """HTML whose elements with `anvil-slot` take components."""

    def _build(self):
        self._components = []
        self._slots = {}
        return element("div", "anvil-html-templated-panel anvil-container anvil-always-inline-container")

    def _draw_html(self):
        if self._components:
            raise RuntimeError("The html of a form with components in it cannot be changed here")
        self._node.innerHTML = self.html
        found = self._node.querySelectorAll("[anvil-slot]")
        self._slots = {}
        for index in range(found.length):
            node = found.item(index)
            node.classList.add("anvil-inline-container")
            self._slots[node.getAttribute("anvil-slot")] = node

    def add_component(self, child, slot="default"):
        if slot is None:
            self._node.appendChild(child._node)
        else:
            self._slots[slot].appendChild(child._node)
        self._components.append(child)
        child.parent = self
        child._show(self._on_page)

    def get_components(self):
        return list(self._components)

    def _children(self):
        return self._components

    def _let_go(self, child):
        self._components.remove(child)


@component
class RepeatingPanel(Component):
    """One form for each of its items."""

    def _build(self):
        self._rows = []
        node = element("div", "anvil-repeating-panel")
        self._list = element("div", "anvil-hide-while-paginating")
        node.appendChild(self._list)
        return node

    def _draw_items(self):
        for row in list(self._rows):
            row.remove_from_parent()
        if self.item_template is None:
            return
        form = _form_class(self.item_template)
        for item in self.items or []:
            row = form(item=item)
            self._rows.append(row)
            row.parent = self
            self._list.appendChild(row._node)
            row._show(self._on_page)

    def _draw_item_template(self):
        self._draw_items()

    def get_components(self):
        return list(self._rows)

    def _children(self):
        return self._rows

    def _let_go(self, child):
        self._rows.remove(child)


def _form_class(name):
    """The class of an app's form by its name in the app, such as `Main` or `Main.Row`."""
    from . import app_

    path = app_.PACKAGE + "." + name
    last = name.split(".")[-1]
    return getattr(__import__(path, fromlist=[last]), last)


_open = None


def open_form(form, **properties):
    """Show a form, given by name or as an instance, in place of the one on the page."""
    global _open
    if isinstance(form, str):
        form = _form_class(form)(**properties)
    if _open:
        _open.remove_from_parent()
    _open = form
    document["appGoesHere"].appendChild(form._node)
    form._show(True)
    return form
