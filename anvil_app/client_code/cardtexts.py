"""What the cards of our models say, in Spanish, by the model's name; the cards themselves are written in English.

A test compares each with its card: as many notes, and the same numbers in each text.
"""

ASIRRA = "Asirra, gatos y perros"
SMALL_PICTURES = (
    "Aprendió de imágenes de 32 por 32 píxeles con una sola cosa; una foto se reduce a ese tamaño antes de mirarla."
)
TEACHER = (
    "Lo ayudó un maestro: EfficientNet-Lite0 con pesos de ImageNet, entrenado después para las diez clases, dijo "
    "qué veía en cada imagen de entrenamiento. Ninguno de sus pesos está en este modelo."
)
TEACHERS = (
    "Lo ayudaron dos maestros: EfficientNet-Lite0 con pesos de ImageNet, entero y sin su último bloque, entrenados "
    "después para las cien clases, dijeron qué veían en cada imagen de entrenamiento. Ninguno de sus pesos está en "
    "este modelo."
)
ELSEWHERE = "De 55 fotos de otro origen con nueve de sus diez cosas, así reducidas, acertó en 50."
COPIES = "De 111 imágenes solo había copias JPEG; card.json, en la carpeta del modelo, las nombra."

SPANISH = {
    "cats_vs_dogs": {
        "title": "Gatos y perros",
        "set": "Asirra, gatos y perros; fotos de otras cosas de conjuntos públicos",
        "notes": [
            "Se apoya en el tronco, que empezó como EfficientNet-Lite0 con pesos de ImageNet (Apache-2.0) y siguió "
            "aprendiendo aquí.",
            "Responde gato, perro o ninguno. Una foto con los dos se le enseñó como mitad de cada uno: casi siempre "
            "dice que no está seguro.",
            "Los gatos y perros los aprendió solo de las fotos de Asirra, lo demás de los conjuntos públicos que "
            "nombra docs/PICTURES.md.",
        ],
    },
    "cats_vs_dogs_scratch": {
        "title": "Gatos y perros, desde cero",
        "set": ASIRRA,
        "notes": [
            "Solo conoce gatos y perros. Otra cosa la toma a menudo por uno de ellos; cats_vs_dogs la distingue mejor.",
            "Lo ayudó un maestro: MobileNetV2 con pesos de ImageNet, con una última capa nuestra, dijo qué veía en "
            "cada foto de entrenamiento. Ninguno de sus pesos está en este modelo.",
            "Lo que no es ni gato ni perro lo aprendió de 5405 imágenes de ImageNet, Caltech-101, PACS, escenas de "
            "SUN, BSDS500, un conjunto de casas y uno de comestibles.",
        ],
    },
    "cats_vs_dogs_128": {"title": "Gatos y perros, 128 px", "set": ASIRRA, "notes": []},
    "cifar10": {
        "title": "CIFAR-10: diez cosas",
        "set": "CIFAR-10",
        "notes": [SMALL_PICTURES, TEACHER],
    },
    "cifar10_276k": {
        "title": "CIFAR-10, 276 mil pesos",
        "set": "CIFAR-10",
        "notes": [SMALL_PICTURES],
    },
    "cifar10_1m3": {
        "title": "CIFAR-10, 1,3 millones de pesos",
        "set": "CIFAR-10",
        "notes": [SMALL_PICTURES, ELSEWHERE, COPIES],
    },
    "cifar100": {
        "title": "CIFAR-100: cien cosas",
        "set": "CIFAR-100",
        "notes": [SMALL_PICTURES, TEACHERS],
    },
    "cifar100_3m": {
        "title": "CIFAR-100, 3 millones de pesos",
        "set": "CIFAR-100",
        "notes": [SMALL_PICTURES],
    },
}
