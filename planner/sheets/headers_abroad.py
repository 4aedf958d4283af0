"""Headers in German, Spanish, French and Portuguese, and what they mean.

Headers are compared without accents.  Dates below them may have the day first, as it is usual
there: they do unless one of them cannot.  What goes into a letter word by word, such as the
reason, is not looked for here, because letters are in English.
"""

from __future__ import annotations

from collections.abc import Mapping

from planner.rules.facts import Status
from planner.sheets import fields
from planner.sheets.header_words import COORDINATOR, DIRECTOR, STATUS, Meaning

_PLACE = (Meaning(fields.LOCATION, "places"), Meaning("city"))
_STATE = (Meaning("state", "states"), *STATUS)
_INTERVIEW = (
    Meaning(fields.INTERVIEW_DAY_FIRST, "days first"),
    Meaning("interview_date", "dates"),
    Meaning(Status.INVITED, "marks"),
    *STATUS,
    Meaning("interview_date"),
)
_TOLD = (Meaning(fields.TOLD_DAY_FIRST, "days first"), Meaning("told_on", "told"))

ABROAD: Mapping[tuple[Meaning, ...], str] = {
    (Meaning("program"),): """
        Programm; Programmname; Name des Programms; Weiterbildungsprogramm; Programa;
        Nombre del programa; Programa de residencia; Nombre; Nom du programme; Nom;
        Programme de résidence; Nome do programa; Nome; Programa de residência""",
    (Meaning("institution"),): """
        Klinik; Klinikum; Krankenhaus; Spital; Universitätsklinik; Universitätsklinikum;
        Einrichtung; Clínica; Institución; Hôpital; Clinique;
        Établissement; Instituição""",
    (Meaning("specialty"),): """
        Fach; Fachrichtung; Fachgebiet; Especialidad; Spécialité; Especialidade""",
    (Meaning("city"),): "Stadt; Ciudad; Ville; Cidade; Município",
    (Meaning("state"),): "Bundesland; Bundesstaat; Staat; Provincia; Província",
    _STATE: "Estado; État",
    _PLACE: """
        Ort; Standort; Lugar; Ubicación; Localidad; Lieu; Localisation; Localização; Localidade;
        Ciudad y estado; Ciudad/Estado; Ciudad, Estado; Stadt, Staat; Stadt/Bundesland;
        Stadt und Staat; Ville, État; Ville et état; Ville/État; Cidade/Estado; Cidade, Estado;
        Cidade e estado""",
    DIRECTOR: """
        Direktor; Direktorin; Programmdirektor; Programmdirektorin; Programmleiter;
        Programmleiterin; Programmleitung; Leiter; Leitung; Directora; Director del programa;
        Directora del programa; Director(a); Directeur; Directrice; Directeur du programme;
        Directrice du programme; Diretor; Diretora; Diretor do programa; Diretora do programa""",
    (Meaning(fields.DIRECTOR),): """
        Direktor Name; Name Direktor; Name des Direktors; Programmdirektor Name; Director Nombre;
        Nombre del director; Directeur Nom; Nom du directeur; Diretor Nome; Nome do diretor""",
    (Meaning("coordinator_name"),): """
        Koordinator Name; Name des Koordinators; Koordinatorin Name; Coordinador Nombre;
        Nombre del coordinador; Coordinateur Nom; Nom du coordinateur; Coordenador Nome;
        Nome do coordenador""",
    COORDINATOR: """
        Koordinator; Koordinatorin; Programmkoordinator; Programmkoordinatorin; Coordinador; Coordinadora; Coordinador del programa;
        Coordinateur; Coordinatrice; Coordinateur du programme; Coordenador;
        Coordenadora""",
    (Meaning(fields.PEOPLE, "contacts"), *COORDINATOR): """
        Ansprechpartner; Ansprechpartnerin; Kontakt; Kontakte; Contacto; Contactos; Contato;
        Contatos""",
    (Meaning("director_email"),): """
        E-Mail Direktor; E-Mail des Direktors; Direktor E-Mail; Mail Direktor;
        E-Mail Programmdirektor; Mail Programmdirektor; E-Mail Leiter; Correo del director;
        Correo director; Email del director; Email director; Correo de la directora;
        E-mail du directeur; Email du directeur; Courriel du directeur; E-mail do diretor;
        Email do diretor; E-mail diretor; Director Correo; Directeur Courriel; Directeur E-mail;
        Diretor E-mail""",
    (Meaning("coordinator_email"),): """
        Koordinator E-Mail; Coordinador Correo; Coordinateur Courriel; Coordenador E-mail;
        E-Mail Koordinator; E-Mail des Koordinators; E-Mail Koordinatorin; Mail Koordinator;
        Correo; Correo electrónico; Correo del coordinador; Correo coordinador;
        Email del coordinador; Email coordinador; Courriel; Adresse e-mail; Adresse mail;
        E-Mail-Adresse; Mailadresse; E-mail du coordinateur; Email du coordinateur;
        E-mail do coordenador; Email do coordenador; Kontakt E-Mail; E-Mail Kontakt""",
    STATUS: """
        Stand; Bewerbungsstatus; Stand der Bewerbung; Status der Bewerbung; Ergebnis;
        Rückmeldung; Antwort; Entscheidung; Estatus; Estado de solicitud;
        Estado de la solicitud; Estado de aplicación; Estado de la aplicación; Respuesta;
        Resultado; Situación; Statut; Statut de la candidature;
        État de la candidature; Réponse; Résultat; Situation; Situação;
        Situação da candidatura; Status da candidatura; Resposta; Decisão""",
    _INTERVIEW: """
        Gespräch; Gespräch am; Vorstellungsgespräch; Vorstellungsgespräch am; Gesprächstermin;
        Interview am; Interviewdatum; Interviewtermin; Datum Interview; Datum des Interviews;
        Termin; Gespräch Datum; Interview Datum; Entrevista Fecha; Entrevista Data;
        Entretien Date; Entrevista; Entrevistas; Fecha de entrevista; Fecha de la entrevista;
        Fecha entrevista; Entretien; Date d'entretien; Date de l'entretien; Date entretien;
        Data da entrevista; Data de entrevista; Data entrevista""",
    _TOLD: """
        Angeschrieben; Angeschrieben am; Kontaktiert; Kontaktiert am; Mail geschickt;
        Mail geschickt am; Mail gesendet; E-Mail geschickt; E-Mail gesendet;
        E-Mail gesendet am; Mail am; E-Mail am; Bescheid gegeben; Bescheid gegeben am;
        Correo enviado; Correo enviado el; Email enviado; Contactado; Contactado el;
        Contactada; Fecha de contacto; Courriel envoyé; Email envoyé; E-mail envoyé;
        Email envoyé le; Contacté; Contacté le; Contactée; E-mail enviado; E-mail enviado em;
        Contatado; Contatado em; Contactado em""",
    (Meaning(fields.NO_CONTACT),): """
        Nicht kontaktieren; Nicht anschreiben; Nicht mailen; Nicht schreiben; Keine Mail;
        Keine Mails; Keine E-Mail; Keine E-Mails; Kein Kontakt; No contactar; No escribir;
        No enviar correo; No enviar correos; Sin contacto; Ne pas contacter; Ne pas écrire;
        Pas de courriel; Pas d'e-mail; Não contatar; Não contactar; Não escrever;
        Não enviar e-mail; Sem contato""",
    (Meaning("notes"),): """
        Notiz; Notizen; Bemerkung; Bemerkungen; Anmerkung; Anmerkungen; Kommentar; Kommentare;
        Nota; Notas; Comentario; Comentarios; Observación; Observaciones; Remarque; Remarques;
        Commentaire; Commentaires; Observação; Observações; Comentário; Comentários""",
}
