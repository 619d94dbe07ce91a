"""How files come in besides by choice: dropped anywhere on the page, or pasted."""

import anvil.js


class Intake:
    """Listens to the whole page. `take` gets photos as of `photos_of` and the node of the page that they are for;
    `stumble` gets an error, for what is no file."""

    def __init__(self, page, take, stumble):
        self.page = page
        self.take = take
        self.stumble = stumble
        document = anvil.js.window.document
        document.addEventListener("dragstart", self.on_drag_start)
        document.addEventListener("dragover", self.on_drag_over)
        document.addEventListener("dragleave", self.on_drag_leave)
        document.addEventListener("drop", self.on_drop)
        document.addEventListener("paste", self.on_paste)

    def on_drag_start(self, event):
        # A picture of this page that is pulled a little is no photo to classify.
        if event.target.nodeName == "IMG":
            event.preventDefault()

    def on_drag_over(self, event):
        event.preventDefault()
        if event.dataTransfer.types.includes("Files"):
            self.page.classList.add("dragging")

    def on_drag_leave(self, event):
        if not event.relatedTarget:
            self.page.classList.remove("dragging")

    def on_drop(self, event):
        event.preventDefault()
        self.page.classList.remove("dragging")
        if event.dataTransfer.files.length:
            self.take(photos_of(event.dataTransfer.files), event.target)
        else:
            self.stumble({"type": "NotAFile", "message": ""})

    def on_paste(self, event):
        if event.clipboardData.files.length:
            event.preventDefault()
            self.take(photos_of(event.clipboardData.files), anvil.js.window.document.activeElement)


def photos_of(files) -> list:
    """The files of a JavaScript FileList, each as Anvil media and as the browser's own File."""
    found = [files.item(index) for index in range(files.length)]
    return [(anvil.js.to_media(file), file) for file in found]
