"""Which photos of PHOTOS show something that the CIFAR models know."""

from pathlib import Path

from tests.photos import photos

# Photos of outliers/ by CIFAR-10's class; no deer is among them. Left out are a pickup, a police van and an ambulance,
# which CIFAR-10 counts as neither automobile nor truck, and a tow truck with a car on its hook.
_TEN = {
    "airplane": "n02690373 n04552348",
    "automobile": "n02814533 n02930766 n03100240 n03594945 n03670208 n03770679 n03777568 n04285008",
    "bird": "n01530575 n01531178 n01532829 n01534433 n01537544 n01558993 n01560419 n01580077 n01582220 n01592084",
    "frog": "n01641577 n01644373 n01644900",
    "horse": "n02389026",
    "ship": "n02687172 n02981792 n03095699 n03673027 n03947888 n04147183 n04612504",
    "truck": "n03345487 n03417042 n03796401 n04467665",
}
# One photo of outliers/ for each of CIFAR-100's classes that is found there.
_HUNDRED = {
    "n07742313": "apple",
    "n01443537": "aquarium_fish",
    "n02132136": "bear",
    "n02363005": "beaver",
    "n03388549": "bed",
    "n02206856": "bee",
    "n02165105": "beetle",
    "n02835271": "bicycle",
    "n02823428": "bottle",
    "n03775546": "bowl",
    "n04366367": "bridge",
    "n04146614": "bus",
    "n02279972": "butterfly",
    "n02437312": "camel",
    "n02980441": "castle",
    "n02791124": "chair",
    "n02481823": "chimpanzee",
    "n02708093": "clock",
    "n02233338": "cockroach",
    "n04344873": "couch",
    "n01978287": "crab",
    "n01697457": "crocodile",
    "n07930864": "cup",
    "n01704323": "dinosaur",
    "n02504458": "elephant",
    "n02342885": "hamster",
    "n03085013": "keyboard",
    "n04380533": "lamp",
    "n03649909": "lawn_mower",
    "n01682714": "lizard",
    "n01983481": "lobster",
    "n03791053": "motorcycle",
    "n09193705": "mountain",
    "n07734744": "mushroom",
    "n07747607": "orange",
    "n12057211": "orchid",
    "n02444819": "otter",
    "n03930630": "pickup_truck",
    "n07579787": "plate",
    "n02346627": "porcupine",
    "n02325366": "rabbit",
    "n01496331": "ray",
    "n04008634": "rocket",
    "n09428293": "sea",
    "n02077923": "seal",
    "n01484850": "shark",
    "n02445715": "skunk",
    "n01944390": "snail",
    "n01729977": "snake",
    "n01773797": "spider",
    "n02356798": "squirrel",
    "n04335435": "streetcar",
    "n07720875": "sweet_pepper",
    "n03201208": "table",
    "n04389033": "tank",
    "n03187595": "telephone",
    "n04404412": "television",
    "n04465501": "tractor",
    "n02917067": "train",
    "n01669191": "turtle",
    "n04550184": "wardrobe",
    "n02066245": "whale",
}


def ten_things() -> dict[Path, str]:
    """Photos of nine of CIFAR-10's classes, and what they show."""
    files = _outliers()
    found = {files[name]: label for label, names in _TEN.items() for name in names.split()}
    return found | {file: label for label in ("cat", "dog") for file in photos(f"wild/{label}")[:10]}


def hundred_things() -> dict[Path, str]:
    """A photo each of some of CIFAR-100's classes, and what it shows."""
    files = _outliers()
    return {files[name]: label for name, label in _HUNDRED.items()}


def _outliers() -> dict[str, Path]:
    return {file.stem: file for file in photos("outliers")}
