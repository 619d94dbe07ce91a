"""Every text of the page, in English and in Spanish. Labels of the networks stand in labels.py."""

from . import teachtexts

LANGUAGES = ["en", "es"]

TEXTS = {
    "other_language": ["Español", "English"],
    "decimal_point": [".", ","],
    # The page
    "name": ["Photo classifier", "Clasificador de fotos"],
    "title": ["What is in the photo?", "¿Qué hay en la foto?"],
    "lead": [
        "Drop in a photo and see what a small neural network makes of it.",
        "Suelta una foto y mira lo que ve en ella una pequeña red neuronal.",
    ],
    "drop_here": ["Drop photos anywhere on this page", "Suelta fotos en cualquier lugar de esta página"],
    "or_paste": [
        "One or hundreds. You can paste one, too. JPEG, PNG, WebP, HEIC and others.",
        "Una o cientos. También puedes pegar una. JPEG, PNG, WebP, HEIC y otros.",
    ],
    "let_go": ["Drop to classify", "Suelta para clasificar"],
    "privacy": [
        "Photos go to the worker of whoever runs this page, and are not kept.",
        "Las fotos van al servicio de quien lleva esta página. No se guardan.",
    ],
    "photo_area": ["Photo", "Foto"],
    "answer_area": ["Answer", "Respuesta"],
    "choose": ["Choose photos", "Elegir fotos"],
    "choose_another": ["Another photo", "Otra foto"],
    "take_photo": ["Take a photo", "Hacer una foto"],
    "camera_use": ["Use the camera", "Usar la cámara"],
    "camera_stop": ["Stop the camera", "Parar la cámara"],
    "camera_turn": ["Other camera", "Otra cámara"],
    "try_again": ["Try again", "Probar otra vez"],
    "heat_show": ["Show where it looked", "Mostrar dónde miró"],
    "heat_hide": ["Hide where it looked", "Ocultar dónde miró"],
    "heat_alt": ["Heat map of where the network looked", "Mapa de calor de dónde miró la red"],
    "photo_alt": ["Your photo, {file}", "Tu foto, {file}"],
    "unseen": ["{file} (this browser cannot show it)", "{file} (este navegador no puede mostrarla)"],
    "a_file": ["without a name", "sin nombre"],
    # The answer
    "looking": ["Looking …", "Mirando …"],
    "looking_advice": ["This takes a moment.", "Es solo un momento."],
    "resending": ["Trying again …", "Otra vez …"],
    "resending_advice": [
        "The worker disappeared while it was looking. Your photo is being sent again.",
        "El servicio se fue mientras miraba. Tu foto va otra vez en camino.",
    ],
    "announce": ["{headline}, {confidence}.", "{headline}, {confidence}."],
    "none_advice": [
        "The photo shows nothing that this model knows. “About this model” lists what it knows.",
        "La foto no muestra nada de lo que este modelo conoce. «Sobre este modelo» dice qué conoce.",
    ],
    "warning": ["{text}", "La foto está dañada. La respuesta vale para la parte que se pudo leer."],
    "unsure": ["Not sure", "Sin certeza"],
    "unsure_confidence": ["{label}, {percent}?", "¿{label}, {percent}?"],
    "unsure_advice": [
        "The network cannot tell. Try a sharper photo in which the subject fills more of the picture. “About this "
        "model” lists what it knows.",
        "La red no apostaría por ello. Prueba con una foto más nítida en la que el motivo ocupe más espacio. Lo que "
        "conoce está en «Sobre este modelo».",
    ],
    "percent": ["{number} %", "{number} %"],
    "nearly_all": ["over 99 %", "más del 99 %"],
    "nearly_none": ["under 1 %", "menos del 1 %"],
    "footnote": ["{milliseconds} ms · {model}", "{milliseconds} ms · {model}"],
    # A wrong answer
    "correct_open": ["Not right?", "¿No es así?"],
    "correct_ask": ["What is right?", "¿Qué es?"],
    "correct_label": ["Right label", "Etiqueta correcta"],
    "correct_choose": ["Choose …", "Elige …"],
    "correct_new": ["Something else …", "Otra cosa …"],
    "correct_new_label": ["Name of the new label", "Nombre de la nueva etiqueta"],
    "correct_go": ["Learn it", "Aprenderlo"],
    "correct_busy": ["Learning …", "Aprendiendo …"],
    "correct_undo": ["Undo this correction", "Deshacer esta corrección"],
    "correct_undoing": ["Undoing …", "Deshaciendo …"],
    "correct_impossible": [
        "This model is a network of its own and cannot be corrected. Cats and dogs can be, and any model that is "
        "taught here.",
        "Este modelo es una red aparte y no se puede corregir. Gatos y perros sí, y todo modelo que se enseñe aquí.",
    ],
    "correct_learned": ["Learned.", "Aprendido."],
    "corrected": [
        "Of photos it had not seen it got {before} right before, {after} now.",
        "De las fotos que no había visto acertaba {before}; ahora, {after}.",
    ],
    "corrected_after": [
        "Of photos it had not seen it gets {after} right.",
        "De las fotos que no había visto acierta {after}.",
    ],
    "corrected_kept": [
        "Of {count} other pictures {share} are answered as before.",
        "De otras {count} imágenes, {share} recibe la misma respuesta que antes.",
    ],
    # The corrections of a model, on its card
    "corrections_title": ["Corrections", "Correcciones"],
    "corrections_list": ["Show the corrections", "Mostrar las correcciones"],
    "corrections_busy": ["One moment …", "Un momento …"],
    "corrections_none": [
        "No answer of this model has been corrected.",
        "No se ha corregido ninguna respuesta de este modelo.",
    ],
    "corrections_own": ["They count whenever this model is taught.", "Cuentan cada vez que se enseña este modelo."],
    "corrections_on": ["This model answers with them.", "Este modelo responde con ellas."],
    "corrections_off": [
        "This model answers as it came. They are kept.",
        "Este modelo responde tal como vino. Se conservan.",
    ],
    "corrections_switch_on": ["Answer with them", "Responder con ellas"],
    "corrections_switch_off": ["Answer as it came", "Responder como vino"],
    "correction_one": ["{label}: {file}, {day}", "{label}: {file}, {day}"],
    "correction_take_back": ["Take back", "Retirar"],
    "correction_take_back_one": ["Take back {label}, {file}", "Retirar {label}, {file}"],
    "correction_taken_back": ["Taken back.", "Retirada."],
    # Many photos
    "grid_area": ["All photos", "Todas las fotos"],
    "many_looking": ["{done} of {count}", "{done} de {count}"],
    "many_left": ["{done} of {count} · about {time} left", "{done} de {count} · faltan unos {time}"],
    "many_done": ["{count} photos", "{count} fotos"],
    "many_done_time": ["{count} photos in {time}", "{count} fotos en {time}"],
    "many_open": ["{done} of {count} answered", "{done} de {count} con respuesta"],
    "many_paused": ["{done} of {count} · {reason}", "{done} de {count} · {reason}"],
    "many_waits": [
        "The rest continues by itself as soon as the worker is back.",
        "El resto sigue por sí solo en cuanto el servicio esté ahí.",
    ],
    "seconds": ["{number} s", "{number} s"],
    "minutes": ["{number} min", "{number} min"],
    "stop": ["Stop", "Parar"],
    "retry_one": ["Try the other one again", "Probar otra vez la que falta"],
    "retry_many": ["Try the other {count} again", "Probar otra vez las {count} que faltan"],
    "add": ["Add photos", "Añadir fotos"],
    "reload": ["Reload the page", "Recargar la página"],
    "clear": ["Start over", "Empezar de nuevo"],
    "back": ["All photos", "Todas las fotos"],
    "csv": ["Download as CSV", "Descargar en CSV"],
    "csv_file": ["photos.csv", "fotos.csv"],
    "show": ["Show", "Mostrar"],
    "show_all": ["All ({count})", "Todas ({count})"],
    "show_label": ["{label} ({count})", "{label} ({count})"],
    "show_unsure": ["Not sure ({count})", "Sin certeza ({count})"],
    "show_failed": ["No answer ({count})", "Sin respuesta ({count})"],
    "sort": ["Sort by", "Ordenar por"],
    "sort_given": ["Order given", "Orden original"],
    "sort_high": ["Most confident first", "Mayor confianza primero"],
    "sort_low": ["Least confident first", "Menor confianza primero"],
    "tile_queued": ["Waiting", "En espera"],
    "tile_unsure": ["{label}?", "¿{label}?"],
    "tile_stopped": ["Stopped", "Parada"],
    # Models and their cards
    "model": ["Model", "Modelo"],
    "card_open": ["About this model", "Sobre este modelo"],
    "card_close": ["Close", "Cerrar"],
    "card_looking": ["Loading …", "Cargando …"],
    "card_knows": ["What it knows", "Lo que conoce"],
    "card_accuracy": ["Accuracy", "Exactitud"],
    "card_accuracy_text": [
        "{value} of {count} photos that it had not seen (95 % confidence: between {low} and {high})",
        "{value} de {count} fotos que no había visto (95 % de confianza: entre {low} y {high})",
    ],
    "card_data": ["Learned from", "Aprendió de"],
    "card_data_text": ["{set}: {count} photos", "{set}: {count} fotos"],
    "card_input": ["Looks at", "Mira"],
    "card_input_text": ["{width} x {height} pixels", "{width} x {height} píxeles"],
    "card_size": ["Size", "Tamaño"],
    "card_size_text": ["{count} parameters", "{count} parámetros"],
    "card_trained": ["Trained", "Entrenado"],
    "card_doubt": ["When not to trust it", "Cuándo no fiarse"],
    "card_corrected": [
        "Answers corrected here: {count}. Of a model that came with the page, the figures are those from before.",
        "Respuestas corregidas aquí: {count}. Si el modelo vino con la página, las cifras son las de antes.",
    ],
    "card_doubt_others": [
        "It knows {count} kinds of things. Anything else it calls the one that looks most similar, or says that it is "
        "not sure.",
        "Conoce {count} clases de cosas. De cualquier otra dice la que más se le parece, o que no tiene certeza.",
    ],
    "card_doubt_wrong": [
        "About {wrong} in 100 answers are wrong even on photos like those it learned from. On drawings, screens or "
        "very small subjects expect more.",
        "Unas {wrong} de cada 100 respuestas son erróneas incluso en fotos como las que aprendió. En dibujos, "
        "pantallas o motivos muy pequeños, más.",
    ],
    "card_doubt_unsure": [
        "Below {percent} confidence it says that it is not sure. Nothing important should depend on its answer alone.",
        "Por debajo del {percent} de confianza dice que no tiene certeza. Nada importante debería depender solo de "
        "su respuesta.",
    ],
    "card_curves": ["How it learned", "Cómo aprendió"],
    "card_curves_alt": [
        "Accuracy and loss after each pass over the photos, for training and for validation",
        "Exactitud y pérdida tras cada pasada por las fotos, en entrenamiento y en validación",
    ],
    "card_confusion": ["What it mixes up", "Lo que confunde"],
    "card_mixed": ["Most often mixed up", "Lo que más confunde"],
    "card_mixed_text": ["{truth} for {answer} ({count} of {all})", "{truth} por {answer} ({count} de {all})"],
    "card_confusion_alt": [
        "Confusion matrix: how often each kind was taken for each other",
        "Matriz de confusión: cuántas veces cada clase se tomó por cada otra",
    ],
    # The worker
    "worker_checking": ["Looking for the worker", "Buscando el servicio"],
    "worker_ready": ["Worker ready", "Servicio listo"],
    "worker_busy": ["Worker busy", "Servicio ocupado"],
    "worker_draining": ["Worker about to restart", "El servicio va a reiniciarse"],
    "worker_away": ["Worker away", "Servicio ausente"],
    "worker_silent": ["Worker does not answer", "El servicio no responde"],
    "worker_offline": ["No connection", "Sin conexión"],
    "worker_expired": ["Please reload the page", "Recarga la página"],
    "worker_one_model": ["version {version} · 1 model", "versión {version} · 1 modelo"],
    "worker_models": ["version {version} · {count} models", "versión {version} · {count} modelos"],
    # What can go wrong
    "away": ["The worker is away", "El servicio no está"],
    "away_advice": [
        "Nobody can look at your photo right now. It stays here and is sent by itself as soon as the worker is back.",
        "Nadie puede mirar tu foto ahora mismo. Se queda aquí y se envía sola en cuanto el servicio vuelva.",
    ],
    "silent": ["The worker does not answer", "El servicio no responde"],
    "silent_advice": [
        "It is connected, but silent. Your photo stays here and is sent by itself as soon as it answers again.",
        "Está ahí, pero no dice nada. Tu foto se queda aquí y se envía sola en cuanto responda otra vez.",
    ],
    "overdue": ["One worker does not answer", "Un servicio no responde"],
    "overdue_advice": [
        "One worker does not answer. What it was given goes to another.",
        "Un servicio no responde. Lo que tenía pasa a otro.",
    ],
    "lost": ["The worker disappeared twice", "El servicio se fue dos veces"],
    "lost_advice": [
        "Both times it was looking at this photo. Try again in a moment, or try another photo.",
        "Se perdió las dos veces mientras miraba esta foto. Prueba otra vez dentro de un momento, o con otra foto.",
    ],
    "offline": ["No connection", "Sin conexión"],
    "offline_advice": [
        "This page cannot reach its server. Your photo stays here and is sent by itself as soon as the connection is "
        "back.",
        "Esta página no alcanza su servidor. Tu foto se queda aquí y se envía sola en cuanto vuelva la conexión.",
    ],
    "unsendable": ["This file could not be sent", "Este archivo no se pudo enviar"],
    "unsendable_advice": [
        "Perhaps it is a folder, or it was moved or changed in the meantime. Choose it again.",
        "Quizá sea una carpeta, o se movió o cambió entretanto. Elígelo otra vez.",
    ],
    "not_a_photo": ["This is not a photo", "Esto no es una foto"],
    "not_a_photo_advice": [
        "The file contains something else, whatever its name says. Choose a JPEG, PNG or WebP picture.",
        "El archivo contiene otra cosa, diga lo que diga su nombre. Elige una imagen JPEG, PNG o WebP.",
    ],
    "format": ["This kind of image is not supported", "Este tipo de imagen no se admite"],
    "format_advice": [
        "Save it as JPEG, PNG or WebP and try again.",
        "Guárdala como JPEG, PNG o WebP y prueba otra vez.",
    ],
    "truncated": ["The photo is damaged", "La foto está dañada"],
    "truncated_advice": [
        "Part of the file is missing. Copy it again from where it came from, or choose another.",
        "Falta una parte del archivo. Cópialo otra vez de donde vino, o elige otra.",
    ],
    "too_large": ["The photo is too large", "La foto es demasiado grande"],
    "too_large_advice": [
        "Make it smaller, or send a screenshot of it: the network needs no more than a thumbnail.",
        "Hazla más pequeña, o envía una captura de pantalla: a la red le basta una miniatura.",
    ],
    "busy": ["The worker is busy", "El servicio está ocupado"],
    "busy_advice": [
        "Others are waiting ahead of you. Try again in a few seconds.",
        "Hay otros esperando delante. Prueba otra vez en unos segundos.",
    ],
    "timeout": ["It took too long", "Tardó demasiado"],
    "timeout_advice": [
        "The worker did not answer in time. Try again, or try a smaller photo.",
        "El servicio no respondió a tiempo. Prueba otra vez, o con una foto más pequeña.",
    ],
    "unknown_model": ["This model is gone", "Este modelo ya no está"],
    "unknown_model_advice": [
        "The worker no longer offers it. Choose another model and try again.",
        "El servicio ya no lo ofrece. Elige otro modelo y prueba otra vez.",
    ],
    "expired": ["This page has been open for too long", "Esta página lleva demasiado tiempo abierta"],
    "expired_advice": ["Reload it to continue.", "Recárgala para seguir."],
    "unknown": ["Something went wrong", "Algo salió mal"],
    "unknown_advice": [
        "Try again. If it happens again, tell whoever runs this page.",
        "Prueba otra vez. Si vuelve a pasar, díselo a quien lleva esta página.",
    ],
    "internal": ["The worker could not answer", "El servicio no pudo responder"],
    "internal_advice": [
        "Try again. If it happens again, tell whoever runs this page: the reason is in the worker's log.",
        "Prueba otra vez. Si vuelve a pasar, díselo a quien lleva esta página: el motivo está en su registro.",
    ],
    "no_camera": ["The camera cannot be used", "La cámara no se puede usar"],
    "no_camera_advice": [
        "Perhaps there is none, or this page may not use it: the browser asks, and remembers the answer beside the "
        "page's address. Or choose a photo.",
        "Quizá no hay ninguna, o esta página no puede usarla: el navegador pregunta, y recuerda la respuesta junto a "
        "la dirección de la página. O elige una foto.",
    ],
    "not_a_file": ["That was not a file", "Eso no era un archivo"],
    "not_a_file_advice": [
        "Save the picture first, then drop the file here.",
        "Guarda primero la imagen y suelta después el archivo aquí.",
    ],
}
TEXTS.update(teachtexts.TEXTS)
