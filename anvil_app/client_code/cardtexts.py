"""What the cards of our models say, in Spanish; the cards themselves are written in English."""

SPANISH = {
    # Titles
    "Cats and dogs": "Gatos y perros",
    "Cats and dogs, 128 px": "Gatos y perros, 128 px",
    "Cats and dogs, 64 px, one convolution": "Gatos y perros, 64 px, una convolución",
    "Cats and dogs, 64 px, strided": "Gatos y perros, 64 px, a zancadas",
    "CIFAR-10: ten things": "CIFAR-10: diez cosas",
    "CIFAR-10, 276 thousand weights": "CIFAR-10, 276 mil pesos",
    "CIFAR-10, 1.3 million weights": "CIFAR-10, 1,3 millones de pesos",
    "CIFAR-100: a hundred things": "CIFAR-100: cien cosas",
    "CIFAR-100, 3 million weights": "CIFAR-100, 3 millones de pesos",
    # Data
    "Asirra cats and dogs": "Asirra, gatos y perros",
    # Notes
    "It knows cats and dogs only. A photo of something else is mostly, not always, called unsure.": (
        "Solo conoce gatos y perros. De una foto de otra cosa dice casi siempre, no siempre, que no está seguro."
    ),
    "A teacher helped: MobileNetV2 with ImageNet weights, under a head of our own, said what it saw on each training "
    "photo. None of its weights are in this model.": (
        "Lo ayudó un maestro: MobileNetV2 con pesos de ImageNet, con una última capa nuestra, dijo qué veía en cada "
        "foto de entrenamiento. Ninguno de sus pesos está en este modelo."
    ),
    "What is neither it learnt from 5,405 pictures of ImageNet, Caltech-101, PACS, SUN scenes, BSDS500, a houses and a "
    "grocery set.": (
        "Lo que no es ni gato ni perro lo aprendió de 5405 imágenes de ImageNet, Caltech-101, PACS, escenas de SUN, "
        "BSDS500, un conjunto de casas y uno de comestibles."
    ),
    "It learnt from pictures of 32 by 32 pixels that show one thing each; a photo is made that small before it "
    "looks.": (
        "Aprendió de imágenes de 32 por 32 píxeles con una sola cosa; una foto se reduce a ese tamaño antes de mirarla."
    ),
    "Of 55 photos from elsewhere of nine of its ten things, made that small, it was right of 50.": (
        "De 55 fotos de otro origen con nueve de sus diez cosas, así reducidas, acertó en 50."
    ),
    "Of 55 photos from elsewhere of nine of its ten things, made that small, it was right of 48.": (
        "De 55 fotos de otro origen con nueve de sus diez cosas, así reducidas, acertó en 48."
    ),
    "Of 62 photos from elsewhere, each of another of its hundred things, which many show small, made that small, it "
    "was right of 28; of 45 the truth was among its first five.": (
        "De 62 fotos de otro origen, cada una de otra de sus cien cosas, que muchas muestran pequeña, así reducidas, "
        "acertó en 28; en 45 la verdad estaba entre las cinco primeras."
    ),
    "111 of the pictures could be had only as JPEG copies; card.json in the model's folder names them.": (
        "De 111 imágenes solo había copias JPEG; card.json, en la carpeta del modelo, las nombra."
    ),
}
