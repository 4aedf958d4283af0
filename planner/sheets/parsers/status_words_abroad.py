"""The words for each status in German, Spanish, French and Portuguese, as in `status_words`.

Accents may be missing, because words are compared without them.
"""

from __future__ import annotations

from collections.abc import Mapping

from planner.rules.facts import Status

# The beginnings of words that mean out of play, whatever else the cell says.
STEMS_ABROAD = (
    *((stem, Status.REJECTED) for stem in ("absag", "abgesag", "ablehn", "abgelehn", "abgewies")),
    *((stem, Status.REJECTED) for stem in ("rechaz", "deneg", "descart", "desestim")),
    *((stem, Status.REJECTED) for stem in ("refus", "rejet", "recusad", "rejeit", "rifiut")),
    *((stem, Status.WITHDRAWN) for stem in ("zuruckgezog", "zurueckgezog", "zuruckgetret")),
    *((stem, Status.WITHDRAWN) for stem in ("retirad", "desist", "annul", "renunci")),
)
WORDS_ABROAD: Mapping[Status, str] = {
    Status.NOT_APPLIED: """
        nicht beworben; noch nicht beworben; no aplicado; no aplicada; no postulado; no postulada;
        no aplique; pas postulé; non postulé; pas encore postulé; pas candidaté; não inscrito;
        não inscrita; não candidatei; não me candidatei; não me inscrevi""",
    Status.APPLIED: """
        beworben; bewerbung abgeschickt; bewerbung eingereicht; abgeschickt; eingereicht;
        keine antwort; noch keine antwort; in bearbeitung; ausstehend; nicht eingeladen;
        noch nicht eingeladen; wartet; warte; warten; noch nichts; nichts gehört;
        noch nichts gehört; offen;
        aplicado; aplicada; aplique; postulado; postulada; solicitud enviada; sin respuesta;
        sin noticias; en proceso; en revisión; pendiente; esperando; esperando respuesta;
        no invitado; no invitada; aún no invitado; aún no invitada;
        postulé; candidature envoyée; candidature déposée; en attente; en attente de réponse;
        en cours; pas de réponse; sans réponse; aucune réponse; pas de nouvelles; non invité;
        non invitée; pas invité; pas invitée; pas encore invité; pas encore invitée;
        candidatura enviada; inscrito; inscrita; aguardando; aguardando resposta; sem resposta;
        em análise; em andamento; pendente; não convidado; não convidada; ainda não convidado""",
    Status.INVITED: """
        zusage; zusage interview; eingeladen; einladung; einladung erhalten; einladung bekommen;
        invitado; invitada; invitación; invitación recibida; convocado; convocada;
        invité; invitée; invitation reçue; convoqué; convoquée; entretien proposé;
        convidado; convidada; convite; convite recebido; chamado para entrevista;
        chamada para entrevista""",
    Status.INTERVIEWED: """
        gespräch geführt; gespräch gehabt; interview geführt; interview gehabt; interviewt;
        interview erledigt; gespräch erledigt;
        entrevistado; entrevistada; entrevista hecha; entrevista realizada; entrevista completada;
        entretien passé; entretien fait; entretien effectué; entretien terminé; interviewé;
        interviewée; entrevista feita; entrevista concluída""",
    Status.WAITLISTED: """
        warteliste; auf warteliste; auf der warteliste; nachrücker; nachrückliste;
        lista de espera; en lista de espera; en la lista de espera; na lista de espera;
        em lista de espera; liste d attente; liste dattente; sur liste dattente;
        sur la liste dattente; en liste dattente; sur liste d attente""",
    Status.REJECTED: """
        leider nein; negativ; nicht genommen; nicht ausgewählt; kein platz;
        no seleccionado; no seleccionada; no aceptado; no aceptada; no admitido; no admitida;
        no elegido; no elegida; negativo; negativa;
        non retenu; non retenue; pas retenu; pas retenue; non sélectionné; non sélectionnée;
        non admis; non admise; négatif; négative;
        não selecionado; não selecionada; não aprovado; não aprovada; não aceito; não aceita;
        negado; negada; reprovado; reprovada""",
    Status.WITHDRAWN: """
        kein interesse; kein interesse mehr; abgesprungen; retiré; retirée; me retiré; me retirei;
        retirei; retirei a candidatura""",
}
# Words about a day: a date after them is the interview's.
ON_A_DAY_ABROAD: Mapping[Status, str] = {
    Status.INVITED: """
        gespräch; gespräch am; gespräch geplant; vorstellungsgespräch; vorstellungsgespräch am;
        interview am; interview geplant; interviewtermin; eingeladen am; eingeladen für;
        eingeladen zum; entrevista; entrevista el; entrevista em; entrevista agendada;
        entrevista programada; entrevista confirmada; entrevista marcada;
        entretien; entretien le; entretien prévu; entretien prévu le; entretien programmé;
        entretien fixé; entretien confirmé""",
}
WEAK_ABROAD = frozenset(
    str.split("gesprach vorstellungsgesprach entrevista entretien warte warten offen")
)
FILLERS_ABROAD = frozenset(
    str.split(
        "ich bin habe hab wurde wurden am fur zum zur beim vom ist mit schon bereits fui soy he ha"
        " han me para por el la del ya suis ete jai pour le du deja tenho fiz ja"
    )
)
DOUBT_ABROAD = frozenset(
    str.split(
        "vielleicht evtl eventuell wahrscheinlich vermutlich hoffentlich falls ob quiza quizas"
        " probablemente ojala probablement peutetre peut talvez provavelmente"
    )
)
NEGATIONS_ABROAD = frozenset(str.split("nicht kein keine nie nunca sin pas ne jamais nao nem sem"))
