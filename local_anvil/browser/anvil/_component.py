"""What every component has: properties out of the catalog, events, a place on the page."""

from browser import document

from . import catalog


def element(tag, class_name="", **attributes):
    """A new DOM node."""
    node = document.createElement(tag)
    if class_name:
        node.setAttribute("class", class_name)
    for name, value in attributes.items():
        node.setAttribute(name.replace("_", "-"), value)
    return node


def component(cls):
    """Class decorator: gives a component its properties; `_draw_NAME` shows a new value of NAME."""
    cls._kind = cls.__name__
    for name in catalog.properties(cls.__name__):
        if name not in cls.__dict__:
            setattr(cls, name, _drawn_property(name))
    return cls


def _drawn_property(name):
    def read(self):
        return self._values[name]

    def write(self, value):
        self._values[name] = value
        getattr(self, "_draw_" + name)()

    return property(read, write)


class Component:
    """The base of all. An app's own `__init__` may run without ours, so an instance is whole once it is made."""

    def __new__(cls, **properties):
        self = object.__new__(cls)
        self.parent = None
        self._handlers = {}
        self._on_page = False
        self._values = dict(catalog.properties(cls._kind))
        self._node = self._build()
        self._node.classList.add("anvil-component")
        for name in self._values:
            setattr(self, name, self._values[name])
        return self

    def __init__(self, **properties):
        self._set(properties)

    def _set(self, properties):
        for name, value in properties.items():
            if name not in self._values:
                raise TypeError(self._kind + " has no property " + name + " here")
            setattr(self, name, value)

    def _build(self):
        raise NotImplementedError

    def _draw_visible(self):
        self._node.classList.toggle("anvil-visible-false", not self.visible)

    def _draw_role(self):
        for name in [name for name in self._node.className.split(" ") if name.startswith("anvil-role-")]:
            self._node.classList.remove(name)
        for role in [self.role] if isinstance(self.role, str) else self.role or []:
            self._node.classList.add("anvil-role-" + role)

    def add_event_handler(self, name, handler):
        if not name.startswith("x-") and name not in catalog.events(self._kind):
            raise LookupError(self._kind + " has no event " + name + " here")
        self._handlers.setdefault(name, []).append(handler)

    def raise_event(self, name, **event_args):
        for handler in list(self._handlers.get(name, [])):
            handler(sender=self, event_name=name, **event_args)

    def remove_from_parent(self):
        if self.parent:
            self.parent._let_go(self)
            self.parent = None
        self._node.remove()
        self._show(False)

    def _children(self):
        return []

    def _show(self, on_page):
        """The component, with all in it, came onto the page or left it."""
        for child in self._children():
            child._show(on_page)
        came = on_page and not self._on_page
        self._on_page = on_page
        if came:
            self.raise_event("show")
