"""Makes the designer's half of a form, `MainTemplate` for `Main`, out of its checked form_template.yaml."""

from . import _components
from ._containers import HtmlTemplate, RepeatingPanel


def _class_of(kind):
    return RepeatingPanel if kind == "RepeatingPanel" else getattr(_components, kind)


def _bind(target, bindings, form):
    for event, method in bindings.items():
        target.add_event_handler(event, getattr(form, method))


def template(class_name, container, components):
    """The class to inherit from; the arguments are a form template's `container` and `components`."""

    def init_components(self, **properties):
        if "item" in properties:
            self.item = properties.pop("item")
        self._set(container["properties"])
        for spec in components:
            child = _class_of(spec["type"])(**spec["properties"])
            setattr(self, spec["name"], child)
            _bind(child, spec["event_bindings"], self)
            # A Timer has no place among the slots.
            self.add_component(child, slot=spec["slot"])
        _bind(self, container["event_bindings"], self)
        self._set(properties)

    return type(class_name, (HtmlTemplate,), {"init_components": init_components, "item": None})
