"""Names of files."""

from classifier.names import Names, printable


def test_a_name_is_given_once() -> None:
    names = Names()
    assert [names.free("dog", ".jpg") for _ in range(3)] == ["dog.jpg", "dog-2.jpg", "dog-3.jpg"]
    assert names.free("dog", ".png") == "dog.png"
    assert names.free("dog-4", ".jpg") == "dog-4.jpg"
    assert names.free("dog", ".jpg") == "dog-5.jpg"


def test_a_name_cannot_command_a_terminal() -> None:
    assert printable("a\x1b[2Jb\n.jpg") == r"a\x1b[2Jb\n.jpg"
    assert printable("mañana 猫.jpg") == "mañana 猫.jpg"
