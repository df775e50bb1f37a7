"""The plugin's sentences, in the language of the forum's page. A forum has none of the service's catalogues."""

from types import MappingProxyType
from typing import Final

from flask_babelplus import get_locale

_ENGLISH: Final = "en"
SENTENCES: Final = MappingProxyType(
    {
        "choices": {
            "en": "Your choices about health professionals",
            "es": "Tus decisiones sobre los profesionales sanitarios",
        },
        "choices_lead": {
            "en": "You decide what health professionals here may see and do with what you write. Your choices are kept "
            "by an independent service. This button brings you there, signed in as you.",
            "es": "Tú decides qué pueden ver y hacer aquí los profesionales sanitarios con lo que escribes. Tus "
            "decisiones las guarda un servicio independiente. Este botón te lleva allí con tu cuenta.",
        },
        "choices_go": {"en": "Go to my choices", "es": "Ir a mis decisiones"},
        "away": {
            "en": "That cannot be reached just now. Please try again in a few minutes.",
            "es": "Ahora mismo no se puede acceder. Vuelve a intentarlo dentro de unos minutos.",
        },
        "not_here": {
            "en": "That cannot be done here.",
            "es": "Eso no se puede hacer aquí.",
        },
        "no_letter": {
            "en": "You cannot send this message.",
            "es": "No puedes enviar este mensaje.",
        },
        "unwatched": {
            "en": "Nobody here watches private messages.",
            "es": "Nadie vigila aquí los mensajes privados.",
        },
        "report": {"en": "Report a concern", "es": "Comunicar una preocupación"},
        "report_lead": {
            "en": "What you tell goes to independent officers, sealed. This forum keeps nothing of it. You may leave "
            "your name out.",
            "es": "Lo que cuentes llega sellado a personas independientes. Este foro no guarda nada. No hace falta que "
            "digas tu nombre.",
        },
        "report_type": {"en": "What was it about?", "es": "¿De qué se trata?"},
        "report_what": {"en": "What happened?", "es": "¿Qué ha pasado?"},
        "report_danger": {"en": "Somebody is in danger now", "es": "Alguien está en peligro ahora"},
        "report_block": {
            "en": "Keep whoever wrote this away from what I write, at once",
            "es": "Que quien escribió esto no vea lo que escribo, desde ahora mismo",
        },
        "report_send": {"en": "Send", "es": "Enviar"},
        "report_sent": {"en": "Your report was sent", "es": "Tu comunicación se ha enviado"},
        "report_code": {
            "en": "Write this code down. It is shown this once, and it is the only way to read the answer:",
            "es": "Apunta este código. Solo se muestra esta vez y es la única manera de leer la respuesta:",
        },
        "report_answers": {"en": "Read the answer here", "es": "Lee aquí la respuesta"},
        "type_uncomfortable": {"en": "It did not feel right", "es": "Me hizo sentir mal"},
        "type_boundary": {"en": "They came too close", "es": "Se acercó demasiado"},
        "type_privacy": {"en": "Something private got out", "es": "Se supo algo privado"},
        "type_optout_breach": {"en": "My choice was not obeyed", "es": "No se respetó mi decisión"},
        "type_unsafe_advice": {"en": "The advice could hurt someone", "es": "El consejo puede hacer daño a alguien"},
        "type_other": {"en": "Something else", "es": "Otra cosa"},
    }
)
TYPES: Final = ("uncomfortable", "boundary", "privacy", "optout_breach", "unsafe_advice", "other")


def say(name: str) -> str:
    """Return a sentence in the language of this page, in English where we have no other."""
    locale = get_locale()
    language = _ENGLISH if locale is None else str(locale)[:2]
    return SENTENCES[name].get(language, SENTENCES[name][_ENGLISH])
