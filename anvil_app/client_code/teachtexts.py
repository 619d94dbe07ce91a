"""Every text of the view in which models are taught, in English and in Spanish; texts.py has the rest."""

TEXTS = {
    # The way there and back
    "views": ["Views", "Vistas"],
    "view_teach": ["Teach", "Enseñar"],
    "view_answers": ["Ask", "Preguntar"],
    # The lesson
    "teach_title": ["Teach it things of your own", "Enséñale cosas tuyas"],
    "teach_lead": [
        "Name two or more things and give ten or more photos of each. Teaching takes a few seconds.",
        "Nombra dos o más cosas y dale diez fotos o más de cada una. Enseñarlo son unos segundos.",
    ],
    "teach_name": ["Name of the model", "Nombre del modelo"],
    "teach_nameless": ["your model", "tu modelo"],
    "thing_name": ["Name of this thing", "Nombre de esta cosa"],
    "thing_placeholder": ["What is it?", "¿Qué es?"],
    "thing_nameless": ["a thing without a name", "una cosa sin nombre"],
    "thing_add": ["Another thing", "Otra cosa"],
    "thing_remove": ["Remove {name} and its photos", "Quitar {name} y sus fotos"],
    "thing_removed": ["{name} was removed. Undo brings it back.", "Se quitó {name}. «Deshacer» lo devuelve."],
    "thing_one": ["1 photo", "1 foto"],
    "thing_count": ["{count} photos", "{count} fotos"],
    "thing_earlier": ["{count} taught before, {more} new", "{count} de antes, {more} nuevas"],
    "camera_hold": ["Hold to take photos", "Mantén pulsado para hacer fotos"],
    "photos_added": ["{count} added to {name}", "{count} añadidas a {name}"],
    "photo_remove": ["Remove {file}", "Quitar {file}"],
    "photo_removed": ["The photo was removed. Undo brings it back.", "Se quitó la foto. «Deshacer» la devuelve."],
    "photo_moved": ["The photo was moved to {name}.", "La foto pasó a {name}."],
    "undo": ["Undo", "Deshacer"],
    "undone": ["Undone", "Deshecho"],
    # What is missing, and how far it is
    "lesson_two": [
        "It needs two things, or more, each with a name.",
        "Hacen falta dos cosas o más, cada una con nombre.",
    ],
    "lesson_nameless": ["One of the things has no name yet.", "Una de las cosas aún no tiene nombre."],
    "lesson_twice": ["Two things are called {label}.", "Dos cosas se llaman {label}."],
    "lesson_lacks_one": ["{label} needs one more photo.", "A {label} le falta una foto."],
    "lesson_lacks": ["{label} needs {count} more photos.", "A {label} le faltan {count} fotos."],
    "lesson_nothing": ["There is nothing new to teach.", "No hay nada nuevo que enseñar."],
    "teach_reading": ["Reading the photos: {count} left.", "Leyendo las fotos: quedan {count}."],
    "teach_soon": [
        "It starts by itself when all photos are read: {count} left.",
        "Empieza por sí solo cuando estén leídas todas las fotos: quedan {count}.",
    ],
    "teach_away": [
        "Photos that wait for the worker: {count}. They stay here and are read as soon as it is back.",
        "Fotos que esperan al servicio: {count}. Se quedan aquí y se leen en cuanto vuelva.",
    ],
    "teach_ready": ["{count} photos are ready.", "{count} fotos están listas."],
    "teach": ["Teach", "Enseñar"],
    "teach_again": ["Teach again", "Enseñar otra vez"],
    "teach_busy": ["Teaching …", "Enseñando …"],
    "teach_lost": ["The worker disappeared while it was at it", "El servicio se fue mientras lo hacía"],
    "teach_safe": [
        "All photos are still here. Try again in a moment.",
        "Todas las fotos siguen aquí. Prueba otra vez dentro de un momento.",
    ],
    # What was found out
    "found_accuracy": [
        "It got {right} of {count} photos right that it had not been shown. The true share is probably between {low} "
        "and {high}.",
        "Acertó en {right} de {count} fotos que no se le habían mostrado. La proporción real está probablemente entre "
        "{low} y {high}.",
    ],
    "found_none": [
        "Of other things it says “none of these” {share} of the time.",
        "De otras cosas dice «nada de esto» el {share} de las veces.",
    ],
    "found_mixed": ["Mixed up: {pairs}.", "Confunde: {pairs}."],
    "found_unmixed": ["It mixed nothing up.", "No confundió nada."],
    "found_wants": ["More photos would help: {wishes}.", "Vendrían bien más fotos: {wishes}."],
    "found_wish": ["{label} (has {count})", "{label} (tiene {count})"],
    "found_copies": [
        "Copies of others, or nearly: {count}. Each counts once.",
        "Copias de otras, o casi: {count}. Cada una cuenta una vez.",
    ],
    "found_aside": [
        "Under two things at once, and so not used: {count}.",
        "En dos cosas a la vez, y por eso sin usar: {count}.",
    ],
    "found_seconds": ["It took {time}.", "Tardó {time}."],
    "found_look": ["Look at these photos again", "Mira otra vez estas fotos"],
    "found_suspect": [
        "Given as {label}; it looks like {answer} ({percent}).",
        "Dada como {label}; parece {answer} ({percent}).",
    ],
    "found_stale": [
        "Something has changed since. Teach again to see how well it does now.",
        "Algo ha cambiado desde entonces. Enseña otra vez para ver cómo le va ahora.",
    ],
    "suspect_move": ["Move to {label}", "Pasar a {label}"],
    "suspect_remove": ["Remove it", "Quitarla"],
    # Trying, keeping, leaving
    "trial_title": ["Try it", "Pruébalo"],
    "keep": ["Keep it", "Guardarlo"],
    "keep_note": [
        "Of each photo its name and its features are kept with the model, and not the photo.",
        "De cada foto se guardan con el modelo su nombre y sus rasgos, y no la foto.",
    ],
    "keep_busy": ["Keeping it …", "Guardando …"],
    "keep_nameless": ["Name the model first.", "Ponle antes un nombre al modelo."],
    "keep_replace": ["Replace {name}?", "¿Reemplazar {name}?"],
    "keep_replace_note": [
        "There is a model of this name. It is gone once this one is kept.",
        "Hay un modelo con este nombre. Desaparece al guardar este.",
    ],
    "keep_use": ["Use it", "Usarlo"],
    "kept": ["{name} is kept: it is in the menu for everyone.", "{name} está guardado: todos lo tienen en el menú."],
    "leave_ask": ["Leave these photos?", "¿Dejar estas fotos?"],
    "leave_note": [
        "They have not been kept, and this page is the only place where they are.",
        "No se han guardado, y solo están en esta página.",
    ],
    "leave_go": ["Leave them", "Dejarlas"],
    "cancel": ["Cancel", "Cancelar"],
    # The owner and the shelf
    "passphrase_ask": ["The owner's passphrase", "La contraseña de quien lleva esta página"],
    "passphrase_note": [
        "Whoever runs this page knows it. It is asked for once, and not stored.",
        "La sabe quien lleva esta página. Se pide una vez y no se guarda.",
    ],
    "passphrase_wrong": ["That was not it. Try again.", "No era esa. Prueba otra vez."],
    "passphrase_go": ["Continue", "Seguir"],
    "unauthorized": ["That needs the owner's passphrase", "Para eso hace falta la contraseña"],
    "unauthorized_advice": ["Ask whoever runs this page.", "Pídela a quien lleva esta página."],
    "refused": ["It cannot be done like this", "Así no se puede hacer"],
    "refused_advice": ["Change it and try again.", "Cámbialo y prueba otra vez."],
    "refused_name": [
        "A model cannot be called that. Choose another name.",
        "Un modelo no se puede llamar así. Elige otro nombre.",
    ],
    "refused_taken": ["That name is taken. Choose another.", "Ese nombre ya está en uso. Elige otro."],
    "refused_label": [
        "The name of one of the things is too long, or has signs that no name can have.",
        "El nombre de una de las cosas es demasiado largo, o tiene signos que no caben en un nombre.",
    ],
    "refused_few": [
        "One of the things has too few photos. Copies count once, and a photo under two things not at all.",
        "Una de las cosas tiene muy pocas fotos. Las copias cuentan una vez, y la foto que está en dos cosas, ninguna.",
    ],
    "refused_many": ["That is more than can be taught at once.", "Es más de lo que se puede enseñar de una vez."],
    "refused_trunk": [
        "The worker has been updated since. Reload the page and teach it from its photos again.",
        "El servicio se ha actualizado desde entonces. Recarga la página y enséñalo otra vez con sus fotos.",
    ],
    "refused_gone": [
        "This correction is not there any more. List them again.",
        "Esta corrección ya no está. Vuelve a mostrarlas.",
    ],
    "shelf_title": ["Models of your own", "Modelos tuyos"],
    "shelf_add": ["Add photos", "Añadir fotos"],
    "shelf_rename": ["Rename", "Cambiar el nombre"],
    "shelf_rename_ask": ["A new name for {name}", "Un nombre nuevo para {name}"],
    "shelf_renamed": ["It is called {name} now.", "Ahora se llama {name}."],
    "shelf_download": ["Download", "Descargar"],
    "shelf_downloaded": ["{file} was downloaded.", "Se descargó {file}."],
    "shelf_delete": ["Delete", "Borrar"],
    "shelf_delete_ask": ["Delete {name}?", "¿Borrar {name}?"],
    "shelf_delete_note": [
        "It is gone for everyone, and cannot be brought back.",
        "Desaparece para todos, y no se puede recuperar.",
    ],
    "shelf_deleted": ["{name} is deleted.", "{name} está borrado."],
}
