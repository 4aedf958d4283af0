"""What speaks against a letter in German, Spanish, French and Portuguese notes.

Many applicants took their notes in another language first.  The sets are small: what somebody
writes in a hurry about a refusal, about mail that they do not want, and about news that they
were told.  Umlauts and accents may be missing.
"""

from __future__ import annotations

from collections.abc import Mapping

from planner.rules.objection_words import Against

_MAILS = r"(?:e-?)?mails?"
_NEWS = r"(?:scores?|ergebnis|punktzahl|step ?2|ck|1[89]\d|2\d\d)"
_GERMAN_TOLD = (
    r"(?:gemeldet|gemailt|geschrieben|informiert|mitgeteilt|gesagt|geschickt|gesendet|erw(?:ä|ae|a)hnt"
    r"|angerufen|erz(?:ä|ae|a)hlt|benachrichtigt)"
)
IN_GERMAN: Mapping[Against, tuple[str, ...]] = {
    Against.OUT: (
        r"\babsagen?\b(?! (?:quote|rate)\b)",
        r"\babgesagt\b",
        r"\babgelehnt\b",
        r"\bablehnung\b",
        r"\bzur(?:ü|ue|u)ckgezogen\b",
        r"\b(?:nicht|nie) (?:beworben|genommen|ausgew(?:ä|ae|a)hlt|interessiert)\b",
        r"(?<!noch )\bnicht eingeladen\b",
        r"\bleider (?:nein|nicht|abge\w+|kein(?:e|en)? (?:interview|einladung|platz|stelle|zusage))\b|\bleider ?$",
        r"\bkein (?:interview|iv) (?:dieses jahr|diese saison|laut|von)\b",
        r"\b(?:nichts f(?:ü|ue|u)r mich|kein interesse)\b",
    ),
    Against.NO_MAIL: (
        rf"(?<!noch )\bkeine? (?:weiteren? )?{_MAILS}\b(?! (?:bisher|bekommen|erhalten|von|seit|adresse|da|mehr (?:von|bekommen)))",
        r"\bnur (?:(?:ü|ue|u)ber|via|per|durch) (?:eras|thalamus|portal|telefon)\b",
        rf"\b(?:nicht per {_MAILS}|{_MAILS} unerw(?:ü|ue|u)nscht|nur telefonisch)\b",
        r"\bnicht (?:an)?(?:mailen|schreiben|kontaktieren|rufen)\b(?! m(?:ü|ue|u)ssen)",
        r"\b(?:mailen|schreiben|kontakt(?:ieren)?) (?:verboten|unerw(?:ü|ue|u)nscht)\b",
    ),
    Against.UNREACHABLE: (
        r"\bunzustellbar\b",
        r"\bpostfach voll\b",
        rf"\b{_MAILS} (?:kam|kommt|kamen) zur(?:ü|ue|u)ck\b",
        r"\badresse (?:ist )?(?:falsch|ung(?:ü|ue|u)ltig)\b",
    ),
    Against.CLOSED: (
        r"\b(?:alle pl(?:ä|ae|a)tze|alles|stellen?) (?:ist |sind |schon |bereits )*(?:voll|weg|besetzt|vergeben)\b",
    ),
    Against.TOLD: (
        rf"\b(?:schon|bereits)(?: \w+){{0,3}} {_GERMAN_TOLD}\b",
        rf"\b{_NEWS}\b(?: [\w.]+){{0,3}} {_GERMAN_TOLD}\b",
        rf"\b{_GERMAN_TOLD}\b(?: am)? \d{{1,2}}\.",
        rf"\b(?:pd|pc|apd|dr\.? \w+|sekretariat)\b(?! hat\b| haben\b)(?: [\w.]+){{0,3}} {_GERMAN_TOLD}\b",
        rf"\d{{1,2}}\.(?: ?\d{{1,2}}\.)? {_GERMAN_TOLD}\b",
        rf"\b{_MAILS}(?: an (?:den |die |das )?\w+)? (?:geschickt|gesendet|geschrieben)\b",
        r"\b(?:wei(?:ß|ss)|wissen) (?:es |das |davon )?(?:schon|bereits)(?= ?$| \d)",
        r"\b(?:wei(?:ß|ss)|wissen)(?: schon| bereits)? bescheid\b|\bbescheid (?:gesagt|gegeben)\b",
        rf"\b(?:kennt|kennen|haben)(?: schon| bereits)? (?:meinen|den|mein) {_NEWS}\b",
    ),
}
_CORREOS = r"(?:correos?|e-?mails?|mensajes?|cartas?)"
_AVISE = (
    r"(?:avis|inform|mand|envi|cont|coment|llam|notifiqu|comuniqu|expliqu)[éeóo]\b|(?:dije|escrib[íi]|avisad[oa]s?"
    r"|informad[oa]s?|enviad[oa]s?|mandad[oa]s?)\b"
)
IN_SPANISH: Mapping[Against, tuple[str, ...]] = {
    Against.OUT: (
        r"\brechaz(?:ad[oa]s?|os?|aron|[oó])\b",
        r"\bdenegad[oa]\b",
        r"\bme dijeron que no\b",
        r"\bme retir[ée]\b|\bretirad[oa]\b(?! del?\b)|\bretir[ée] (?:mi|la) (?:solicitud|aplicaci[óo]n)\b",
        r"\b(?:entrevista|solicitud|aplicaci[óo]n) cancelada\b|\bcancel[ée] (?:mi|la) entrevista\b",
        r"\bno (?:me )?(?:aceptaron|invitaron|seleccionaron|eligieron|quieren|dieron entrevista)\b",
        r"\bno (?:fui |soy )?(?:seleccionad[oa]|aceptad[oa]|elegid[oa])\b",
        r"\b(?:lamentablemente|desafortunadamente)(?: ?$| no\b)",
        r"\bno (?:voy|me interesa|es para m[íi])(?= ?$| a (?:ir|la entrevista)\b)",
    ),
    Against.NO_MAIL: (
        rf"\bno (?:enviar|mandar|env[ií]en|manden|env[ií]es|mandes|aceptan|quieren|reciben|leen)(?: m[áa]s)? {_CORREOS}\b",
        r"\bprohibido (?:escribir|contactar|llamar)\b",
        r"\bno (?:escribir|contactar|escriban|contacten|llamar|llamen)\b",
        rf"\bsin {_CORREOS}\b|\bno m[áa]s {_CORREOS}\b",
        r"\bs[óo]lo (?:por|v[íi]a|en) (?:eras|thalamus|portal|tel[ée]fono)\b",
    ),
    Against.UNREACHABLE: (r"\b(?:correo|buz[óo]n) (?:rebotado|lleno|no existe)\b|\brebot[óo]\b",),
    Against.CLOSED: (r"\b(?:sin|no hay|no quedan) (?:plazas?|cupos?|vacantes?)\b",),
    Against.TOLD: (
        rf"\bya (?:(?:les?|se lo|lo|los|al?|el|pd|pc) )*(?:{_AVISE})",
        r"\b(?:puntaje|puntuaci[óo]n|score|resultados?|nota|ck|step ?2)(?: ya)? (?:enviad[oa]s?|mandad[oa]s?|avisad[oa]s?)\b",
        rf"\b(?:les?|al? (?:pd|pc|director|directora|coordinador|coordinadora)) (?:{_AVISE})",
        r"\b(?:avis|inform|llam|cont|coment)[ée] al?\b|\b(?:notifiqu[ée]|escrib[íi]) al?\b",
        r"\bya (?:lo )?(?:saben?|sab[íi]an?)\b(?! que)|\bya (?:tienen|vieron) mi\b",
    ),
}
_COURRIELS = r"(?:e-?mails?|mails?|courriels?|messages?)"
_PREVENU = r"(?:dit|inform[ée]e?s?|pr[ée]venue?s?|[ée]crit|envoy[ée]e?s?|avertie?s?|annonc[ée]|signal[ée]|contact[ée]e?s?)"
IN_FRENCH: Mapping[Against, tuple[str, ...]] = {
    Against.OUT: (
        r"\brefus(?:é|ée|és|ées)\b(?! de\b)|\brefuse (?:le \d|par\b)|\b(?:jai )?[ée]t[ée] refus[ée]e?\b",
        r"\brejet[ée]e?s?\b(?! de\b)",
        r"\b(?:pas|non)(?: [ée]t[ée])? (?:retenu|pris|invit[ée]|s[ée]lectionn[ée]|accept[ée]|int[ée]ress[ée])e?\b",
        r"\bretir[ée] (?:ma|la|mon) (?:candidature|dossier)\b|\bcandidature (?:retir[ée]e|annul[ée]e)\b",
        r"\bje me suis (?:retir[ée]|d[ée]sist[ée])e?\b|\bjai (?:renonc[ée]|annul[ée] lentretien)\b|\bd[ée]sist[ée]e?\b",
        r"\bentretien annul[ée]\b",
        r"\bmalheureusement(?: ?$| (?:non|pas)\b)",
    ),
    Against.NO_MAIL: (
        r"\bne (?:pas|plus) (?:leur |lui )?(?:[ée]crire|contacter|envoyer|appeler|d[ée]ranger)\b",
        rf"\bpas de? ?{_COURRIELS}\b(?! (?:re[çc]us?|encore|pour linstant|depuis|de leur part))",
        r"\b(?:uniquement|seulement) (?:par|via|sur) (?:eras|thalamus|le portail|t[ée]l[ée]phone)\b",
    ),
    Against.UNREACHABLE: (
        rf"\b{_COURRIELS} (?:est )?revenu\b|\bbo[îi]te (?:mail )?pleine\b",
        r"\badresse (?:invalide|incorrecte|erron[ée]e)\b",
    ),
    Against.CLOSED: (r"\bplus (?:de|aucune) places?\b|\bplaces? (?:toutes )?pourvues?\b",),
    Against.TOLD: (
        rf"\bd[ée]j[àa] {_PREVENU}\b",
        rf"\b(?:score|r[ée]sultats?|ck|step ?2)(?: d[ée]j[àa])? (?:{_PREVENU}|transmise?s?|communiqu[ée]e?s?)\b",
        rf"\b(?:jai|je (?:leur|lui|les) ai|je lai) {_PREVENU}(?= ?$| (?:au|[àa] l[ae]|aux|le|la|les|mon score|\d))",
        rf"\b(?:pd|pc|directeur|directrice|coordinat(?:eur|rice)) (?:d[ée]j[àa] )?{_PREVENU}(?= ?$| le \d| \d)",
        r"\b(?:ils|elle|il) (?:savent|sait|sont au courant|est au courant)(?: d[ée]j[àa])?(?= ?$| \d)",
    ),
}
_MENSAGENS = r"(?:e-?mails?|mensage(?:m|ns)|cartas?)"
_AVISEI = r"(?:avisei|informei|contei|mandei|enviei|escrevi|falei|disse|liguei|comuniquei)"
IN_PORTUGUESE: Mapping[Against, tuple[str, ...]] = {
    Against.OUT: (
        r"(?<!\bse )\brecusad[oa]s?\b|\brecusaram\b",
        r"(?<!\bse )\brejeitad[oa]s?\b|\brejeitaram\b|\brejei[çc][ãa]o\b",
        r"(?<!ainda )\bn[ãa]o (?:fui |fomos )?(?:aceit|convidad|selecionad)[oa]s?\b(?! ainda)",
        r"(?<!ainda )\bn[ãa]o (?:me )?(?:aceitaram|convidaram|selecionaram|chamaram|querem)\b(?! ainda)",
        r"\bdesisti\b|\bretirei (?:a |minha |a minha )?(?:candidatura|aplica[çc][ãa]o|inscri[çc][ãa]o)\b",
        r"\bcancelei (?:a |minha |a minha )?(?:entrevista|candidatura)\b|\bentrevista cancelada\b",
        r"\bcandidatura (?:retirada|cancelada)\b",
        r"\binfelizmente(?: ?$| n[ãa]o\b)",
    ),
    Against.NO_MAIL: (
        rf"\bn[ãa]o (?:enviar|mandar|enviem|mandem|aceitam|querem|recebem|leem)(?: mais)? {_MENSAGENS}\b",
        r"\bn[ãa]o (?:escrever|contatar|contactar|ligar|escrevam|liguem|entrar em contato)\b",
        rf"\bsem {_MENSAGENS}\b|\bnada de {_MENSAGENS}\b",
        r"\b(?:s[óo]|somente|apenas) (?:por|via|pelo) (?:eras|thalamus|portal|telefone)\b",
    ),
    Against.UNREACHABLE: (
        r"\be-?mail (?:voltou|devolvido|inv[áa]lido|n[ãa]o existe)\b|\bcaixa (?:de entrada )?cheia\b",
    ),
    Against.CLOSED: (
        r"\bsem vagas?\b|\bn[ãa]o (?:h[áa]|tem|restam) (?:mais )?vagas?\b|\bvagas? (?:esgotadas?|preenchidas?)\b",
    ),
    Against.TOLD: (
        rf"\bj[áa] (?:(?:lhes?|os|as|o|a|ao) )?{_AVISEI}\b",
        rf"\b{_AVISEI} (?:ao?s?|o|com|para) (?:o |a )?(?:pd|pc|diretor|diretora|coordenador|coordenadora|programa)\b",
        r"\b(?:score|nota|resultados?|pontua[çc][ãa]o|ck|step ?2)(?: j[áa])? (?:enviad|mandad|informad|avisad)[oa]s?\b",
        r"\bj[áa] (?:sabem|sabe)\b(?! que)|\bj[áa] (?:t[êe]m|viram) (?:meu|minha|o meu)\b",
    ),
}
